package io.quiver.loadtest.run;

import java.io.IOException;

/** One request of a run. */
@FunctionalInterface
public interface Work<S> {
    /**
     * Sends one request and takes its answer.
     *
     * @param session of the calling thread
     * @param request counts from 0; each number is handed out once
     * @return how many operations it was
     */
    int run(S session, int request) throws IOException;
}
