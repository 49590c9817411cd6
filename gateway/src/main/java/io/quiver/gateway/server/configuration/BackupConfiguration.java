package io.quiver.gateway.server.configuration;

import io.quiver.compactor.backup.BackupSchedule;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where backups belong, and when they are made.
 *
 * @param directory empty for no backups
 */
public record BackupConfiguration(Optional<Path> directory, BackupSchedule schedule) {}
