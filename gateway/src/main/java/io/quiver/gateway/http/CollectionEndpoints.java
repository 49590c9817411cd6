package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.CollectionChange;
import io.quiver.log.catalog.ConfigurationJson;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.SchemaJson;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Collections: made, found, changed and deleted. They are got and deleted by name, changed and used by id. */
final class CollectionEndpoints {
    static final String COLLECTIONS = TenantEndpoints.DATABASE + "/collections";
    static final String COLLECTION = COLLECTIONS + "/{collection}";

    private final ApiParts parts;
    private final CollectionFinder finder;

    CollectionEndpoints(ApiParts parts, CollectionFinder finder) {
        this.parts = parts;
        this.finder = finder;
    }

    List<Route> routes() {
        return List.of(
                Route.adminWithBody(HttpMethod.POST, COLLECTIONS, this::create),
                Route.admin(HttpMethod.GET, COLLECTIONS, this::list),
                Route.admin(HttpMethod.GET, TenantEndpoints.DATABASE + "/collections_count", this::count),
                Route.admin(HttpMethod.GET, COLLECTION, this::byName),
                Route.admin(HttpMethod.GET, COLLECTIONS + "/by-id/{collection}", this::byId),
                Route.admin(HttpMethod.GET, "/api/v2/collections/{crn}", this::byResourceName),
                Route.adminWithBody(HttpMethod.PUT, COLLECTION, this::change),
                Route.admin(HttpMethod.DELETE, COLLECTION, this::delete));
    }

    private Mono<Answer> create(Exchange exchange, RequestBody body) {
        FieldsRequest request =
                FieldsRequest.read(body, "name", "get_or_create", "metadata", "configuration", "schema");
        JsonValue getOrCreate = request.get("get_or_create");
        NewCollection collection = NewCollection.read(
                exchange.tenant(),
                exchange.parameter(1),
                request.requiredText("name"),
                request.tree("configuration"),
                request.tree("schema"),
                metadata(request, "metadata"));
        exchange.named(collection.name());
        return parts.catalog()
                .createCollection(collection, getOrCreate != null && getOrCreate.truth())
                .map(this::answer);
    }

    private static @Nullable Metadata metadata(FieldsRequest request, String name) {
        JsonValue metadata = request.get(name);
        return metadata == null ? null : MetadataReader.read(metadata);
    }

    private Mono<Answer> list(Exchange exchange, RequestBody body) {
        return parts.catalog()
                .collections(exchange.tenant(), exchange.parameter(1), Pages.limit(exchange), Pages.offset(exchange))
                .map(collections -> Answer.array(collections, this::write));
    }

    private Mono<Answer> count(Exchange exchange, RequestBody body) {
        return parts.catalog()
                .countCollections(exchange.tenant(), exchange.parameter(1))
                .map(count -> Answer.ok(out -> out.writeNumber(count)));
    }

    private Mono<Answer> byName(Exchange exchange, RequestBody body) {
        String name = exchange.parameter(2);
        return parts.catalog()
                .collection(exchange.tenant(), exchange.parameter(1), name)
                .filter(exchange.access()::reaches)
                .switchIfEmpty(
                        Mono.error(() -> QuiverException.notFound("Collection [%s] does not exist".formatted(name))))
                .map(this::answer);
    }

    private Mono<Answer> byId(Exchange exchange, RequestBody body) {
        return finder.byId(exchange).map(this::answer);
    }

    /** Named as {@code tenant_resource_name:database:collection}. */
    private Mono<Answer> byResourceName(Exchange exchange, RequestBody body) {
        String[] names = exchange.parameter(0).split(":", -1);
        if (names.length != 3) {
            throw QuiverException.invalid(
                    "Collection resource name must look like tenant_resource_name:database:collection");
        }
        return parts.catalog()
                .collectionOfResource(names[0], names[1], names[2])
                .filter(exchange.access()::reaches)
                .switchIfEmpty(Mono.error(
                        () -> QuiverException.notFound("Collection [%s] does not exist".formatted(names[2]))))
                .map(this::answer);
    }

    private Mono<Answer> change(Exchange exchange, RequestBody body) {
        FieldsRequest request = FieldsRequest.read(body, "new_name", "new_metadata", "new_configuration");
        JsonValue name = request.get("new_name");
        JsonValue configuration = request.get("new_configuration");
        if (name != null) {
            exchange.named(name.text());
        }
        CollectionChange change = new CollectionChange(
                name == null ? null : name.text(),
                metadata(request, "new_metadata"),
                configuration == null ? null : ConfigurationJson.readChange(configuration.tree()));
        return finder.byId(exchange)
                .flatMap(collection -> parts.catalog().changeCollection(collection.id(), change))
                .map(_ -> Answer.empty(200));
    }

    private Mono<Answer> delete(Exchange exchange, RequestBody body) {
        return parts.catalog()
                .deleteCollection(exchange.tenant(), exchange.parameter(1), exchange.parameter(2))
                .thenReturn(Answer.empty(200));
    }

    /** A collection as every route answers it. */
    Answer answer(Collection collection) {
        return Answer.ok(out -> write(out, collection));
    }

    private void write(JsonGenerator out, Collection collection) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", collection.id().toString());
        out.writeStringField("name", collection.name());
        out.writeFieldName("configuration_json");
        ConfigurationJson.write(out, collection.configuration());
        out.writeFieldName("schema");
        SchemaJson.write(out, collection.schema());
        out.writeFieldName("metadata");
        MetadataAnswer.write(out, collection.metadata());
        out.writeFieldName("dimension");
        writeNullable(out, collection.dimension());
        out.writeStringField("tenant", collection.tenant());
        out.writeStringField("database", collection.database());
        out.writeNumberField("log_position", parts.log().head(collection.id()).value());
        out.writeNumberField("version", collection.version());
        out.writeEndObject();
    }

    private static void writeNullable(JsonGenerator out, @Nullable Integer number) throws IOException {
        if (number == null) {
            out.writeNull();
        } else {
            out.writeNumber(number);
        }
    }
}
