package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A request that has no complete answer yet. Its answer is gathered by the reading thread. */
final class PendingRequest {
    private final long number;
    private final Request request;
    private final MonoSink<Answer> sink;
    private final List<HitsAssembly> assemblies = new ArrayList<>();
    private int incomplete;
    private volatile MessagesUnderWay.@Nullable Message message;

    PendingRequest(long number, Request request, MonoSink<Answer> sink) {
        this.number = number;
        this.request = request;
        this.sink = sink;
        if (request instanceof Request.Ask(var queries)) {
            this.incomplete = queries.size();
            queries.forEach(_ -> assemblies.add(new HitsAssembly()));
        }
    }

    long number() {
        return number;
    }

    Request request() {
        return request;
    }

    boolean isAsk() {
        return request instanceof Request.Ask;
    }

    void sentIn(MessagesUnderWay.Message carrier) {
        carrier.add();
        message = carrier;
    }

    /** Takes one row of the answer; true when that was the last. */
    boolean accept(AnswerReader answers, int row) {
        if (answers.has(row, AnswerColumns.DONE)) {
            return true;
        }
        answers.addTo(assemblies.get(answers.query(row)), row);
        return answers.has(row, AnswerColumns.LAST) && --incomplete == 0;
    }

    void succeed() {
        end();
        sink.success(isAsk() ? new Answer.Found(hits()) : new Answer.Done());
    }

    void fail(Throwable failure) {
        end();
        sink.error(failure);
    }

    /** Gives the message's place back when this was its last request. */
    void end() {
        MessagesUnderWay.Message carrier = message;
        if (carrier != null) {
            carrier.answered();
        }
    }

    private List<Hits> hits() {
        return assemblies.stream().map(HitsAssembly::hits).toList();
    }
}
