package io.quiver.gateway.auth;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wants a credential of everyone. Why one is refused is not said: it would help those who try. */
public final class AskingGatekeeper implements Gatekeeper, AutoCloseable {
    /** What is longer is no credential of ours, and is not looked at. */
    static final int TOKEN_LENGTH_MAX = 8 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AskingGatekeeper.class);

    private final FileWatch watch;
    private final LiveKeys keys;
    private final @Nullable Subjects subjects;
    private final @Nullable Tokens tokens;

    private AskingGatekeeper(FileWatch watch, LiveKeys keys, @Nullable Subjects subjects, @Nullable Tokens tokens) {
        this.watch = watch;
        this.keys = keys;
        this.subjects = subjects;
        this.tokens = tokens;
    }

    /** Reads what there is; throws {@link IOException} where that is not possible. */
    public static AskingGatekeeper open(AuthSettings settings, Path dataDirectory, AuditTrail audit, Clock clock)
            throws IOException {
        FileWatch watch = new FileWatch();
        try {
            LiveKeys keys = LiveKeys.watch(KeyFile.in(dataDirectory), watch, audit, clock);
            Path subjects = settings.subjectsFile();
            JwtSettings tokens = settings.tokens();
            if (keys.isEmpty() && subjects == null && tokens == null) {
                LOG.warn("There is no API key yet: ./quiver keys create makes one, also while the server runs");
            }
            return new AskingGatekeeper(
                    watch,
                    keys,
                    subjects == null ? null : Subjects.watch(subjects, watch),
                    tokens == null ? null : Tokens.watch(tokens, watch, clock));
        } catch (IOException | RuntimeException failure) {
            watch.close();
            throw failure;
        }
    }

    @Override
    public Caller identify(Presented presented) {
        Caller caller = find(presented);
        if (caller == null) {
            throw new QuiverException(ErrorCode.UNAUTHENTICATED, "A valid credential is needed");
        }
        return caller;
    }

    /** A token counts more than a certificate: it is what the caller chose for this request. */
    private @Nullable Caller find(Presented presented) {
        String token = presented.token();
        if (token != null) {
            return token.length() > TOKEN_LENGTH_MAX ? null : find(token);
        }
        String subject = presented.subject();
        return subjects == null || subject == null ? null : subjects.find(subject);
    }

    private @Nullable Caller find(String token) {
        Caller caller = keys.find(token);
        return caller == null && tokens != null ? tokens.find(token) : caller;
    }

    @Override
    public void close() {
        watch.close();
    }
}
