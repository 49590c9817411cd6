/**
 * What an operator may set: one YAML file, overridden by the environment, overridden by flags.
 *
 * <p>{@code Setting} is the one list of all settings. {@code SettingReader} collects their texts from the three
 * sources, {@code ServerConfiguration} and its parts are what the server reads: records that check themselves. An
 * unknown name is an error that suggests the nearest known one, for a misspelt limit would otherwise be no limit. Used
 * by the thread that starts the server, before anything else.
 */
@NullMarked
package io.quiver.gateway.server.configuration;

import org.jspecify.annotations.NullMarked;
