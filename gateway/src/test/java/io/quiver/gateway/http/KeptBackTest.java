package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeptBackTest {
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void keepsSoManyAndTellsTheNextAtOnce() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context eventLoop = vertx.getOrCreateContext();
            CompletableFuture<Integer> toldAtOnce = new CompletableFuture<>();
            CompletableFuture<Long> lastTold = new CompletableFuture<>();
            long begin = System.nanoTime();
            eventLoop.runOnContext(_ -> {
                for (int i = 1; i < KeptBack.COUNT_MAX; i++) {
                    KeptBack.of(eventLoop).tellLater(eventLoop, told::incrementAndGet);
                }
                KeptBack.of(eventLoop).tellLater(eventLoop, () -> lastTold.complete(System.nanoTime() - begin));
                KeptBack.of(eventLoop).tellLater(eventLoop, told::incrementAndGet);
                toldAtOnce.complete(told.get());
            });
            assertEquals(1, toldAtOnce.get(10, TimeUnit.SECONDS));
            assertTrue(lastTold.get(10, TimeUnit.SECONDS) >= KeptBack.TIME.toNanos());
            assertEquals(KeptBack.COUNT_MAX, told.get(), "in their order");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
