package io.quiver.log.catalog;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps classes silent in a test that damages files hundreds of times, each of which they would tell with a stack
 * trace.
 */
record SilentLoggers(List<Class<?>> classes) implements BeforeAllCallback, AfterAllCallback {
    static SilentLoggers of(Class<?>... classes) {
        return new SilentLoggers(List.of(classes));
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        classes.forEach(each -> logger(each).setLevel(Level.OFF));
    }

    @Override
    public void afterAll(ExtensionContext test) {
        classes.forEach(each -> logger(each).setLevel(null));
    }

    private static Logger logger(Class<?> of) {
        return (Logger) LoggerFactory.getLogger(of);
    }
}
