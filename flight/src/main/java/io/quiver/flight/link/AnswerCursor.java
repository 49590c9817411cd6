package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.log.record.QuiverException;
import java.util.List;

/** How much of an answer has been written: a large one goes out in several messages, between others. */
final class AnswerCursor {
    private final long request;
    private final Answer answer;
    private int query;
    private int hit;

    AnswerCursor(long request, Answer answer) {
        this.request = request;
        this.answer = answer;
    }

    /** The same request refused, where its answer cannot be sent. */
    AnswerCursor refused(QuiverException refusal) {
        return new AnswerCursor(request, new Answer.Refused(refusal));
    }

    boolean isRefusal() {
        return answer instanceof Answer.Refused;
    }

    /** Adds rows until the message is full; true when the answer is complete. */
    boolean writeTo(AnswerColumns columns, long bytesMax) {
        return switch (answer) {
            case Answer.Done() -> {
                columns.addDone(request);
                yield true;
            }
            case Answer.Refused(var refusal) -> {
                columns.addRefusal(request, refusal);
                yield true;
            }
            case Answer.Found(var hits) -> writeHits(hits, columns, bytesMax);
        };
    }

    private boolean writeHits(List<Hits> hits, AnswerColumns columns, long bytesMax) {
        while (query < hits.size() && columns.sizeBytes() < bytesMax) {
            Hits current = hits.get(query);
            hit = columns.addHits(request, query, current, hit, bytesMax);
            if (hit == current.size()) {
                query++;
                hit = 0;
            }
        }
        return query == hits.size();
    }
}
