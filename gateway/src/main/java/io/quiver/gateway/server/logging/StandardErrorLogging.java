package io.quiver.gateway.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.quiver.gateway.server.configuration.LoggingConfiguration;
import io.quiver.gateway.trace.RequestLog;
import io.quiver.gateway.trace.SlowQuerySettings;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/**
 * Sets logback up without a file, which saves its parser at every start. Found as a service when the first logger is
 * asked for, with what is right before the configuration is read; {@link #apply} follows when it has been.
 */
public final class StandardErrorLogging extends ContextAwareBase implements Configurator {
    /** Set by the launcher, which can tell whether standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "quiver.terminal";

    private static final String TEXT_PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg %kvp%n";

    /** Libraries that tell more than an operator can use. */
    private static final String[] TALKATIVE = {
        "io.netty", "io.grpc", "org.apache.arrow", "org.flywaydb", "io.micrometer"
    };

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(
                context,
                new LoggingConfiguration("info", LoggingConfiguration.Format.AUTO, false, SlowQuerySettings.DEFAULT));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Changes level and form of everything that is logged from now on. */
    public static void apply(LoggingConfiguration configuration) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            install(context, configuration);
        }
    }

    private static void install(LoggerContext context, LoggingConfiguration configuration) {
        Encoder<ILoggingEvent> encoder = encoder(context, configuration.format());
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        setLevels(context, root, Level.toLevel(configuration.level()));
        context.getLogger(RequestLog.LOGGER).setLevel(configuration.hasRequests() ? Level.INFO : Level.OFF);
    }

    private static void setLevels(LoggerContext context, Logger root, Level level) {
        root.setLevel(level);
        for (String library : TALKATIVE) {
            context.getLogger(library).setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        }
        // One server on each event loop registers the same gauges, which micrometer takes for a mistake.
        context.getLogger("io.micrometer").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LoggingConfiguration.Format format) {
        boolean isText = switch (format) {
            case JSON -> false;
            case TEXT -> true;
            case AUTO -> Boolean.getBoolean(TERMINAL_PROPERTY);
        };
        Encoder<ILoggingEvent> encoder = isText ? text() : json();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** Without what Jackson finds on the class path: nothing that is logged needs it, and it takes a start some time. */
    private static Encoder<ILoggingEvent> json() {
        var encoder = new LogstashEncoder();
        encoder.setFindAndRegisterJacksonModules(false);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT_PATTERN);
        return encoder;
    }
}
