package io.quiver.gateway.admission;

import io.quiver.executor.query.Deadline;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.publisher.MonoSink;

/** One that has asked for a place and found none. Compared by identity. */
final class Waiting {
    final LaneQueue queue;
    final String tenant;
    final Permit permit;
    private final Deadline deadline;
    private final Executor thread;
    private final MonoSink<Permit> sink;

    /** Its turn has come. Belongs to the gate's lock, as what follows. */
    boolean hasPlace;

    /** When it came, and once it has a place, when it got that. */
    long begin;

    /** What work took when it got its place. */
    long usualNanos;

    /** @param leave told when it has had its place and gives it back */
    Waiting(
            LaneQueue queue,
            String tenant,
            Deadline deadline,
            Executor thread,
            MonoSink<Permit> sink,
            long begin,
            Consumer<Waiting> leave) {
        this.queue = queue;
        this.tenant = tenant;
        this.deadline = deadline;
        this.thread = thread;
        this.sink = sink;
        this.begin = begin;
        this.permit = new Permit(() -> leave.accept(this));
    }

    void getPlace(long now, long usualNanos) {
        this.hasPlace = true;
        this.begin = now;
        this.usualNanos = usualNanos;
    }

    void refuse(Decision.Refused why) {
        queue.refused.increment();
        sink.error(why.toException());
    }

    /** Begins, or where too little time is left for it gives its place back. */
    void begin(Decision.Refused late) {
        if (deadline.left().toNanos() <= usualNanos) {
            queue.late.increment();
            permit.close();
            sink.error(late.toException());
        } else {
            thread.execute(() -> sink.success(permit));
        }
    }
}
