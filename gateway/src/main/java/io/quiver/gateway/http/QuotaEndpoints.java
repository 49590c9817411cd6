package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.Usages;
import io.quiver.log.Usages.Usage;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Quota;
import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.catalog.QuotaScope;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How much there may be in tenants, databases and collections, and how much there is. */
final class QuotaEndpoints {
    private static final String QUOTAS = "/api/v2/admin/quotas/{tenant}";
    private static final String[] NAMES =
            Stream.of(Resource.values()).map(QuotaEndpoints::name).toArray(String[]::new);

    private final Catalog catalog;
    private final Usages usages;
    private final CollectionFinder finder;

    QuotaEndpoints(Catalog catalog, Usages usages, CollectionFinder finder) {
        this.catalog = catalog;
        this.usages = usages;
        this.finder = finder;
    }

    List<Route> routes() {
        return List.of(
                Route.adminWithBody(HttpMethod.PUT, QUOTAS, this::set),
                Route.adminWithBody(HttpMethod.PUT, QUOTAS + "/{database}", this::set),
                Route.adminWithBody(HttpMethod.PUT, QUOTAS + "/{database}/{collection}", this::set),
                Route.admin(HttpMethod.GET, TenantEndpoints.TENANT + "/usage", this::ofTenant),
                Route.admin(HttpMethod.GET, TenantEndpoints.DATABASE + "/usage", this::ofDatabase),
                Route.admin(HttpMethod.GET, CollectionEndpoints.COLLECTION + "/usage", this::ofCollection));
    }

    private Mono<Answer> set(Exchange exchange, RequestBody body) {
        Quota quota = read(FieldsRequest.read(body, NAMES));
        return scope(exchange).flatMap(scope -> catalog.setQuota(scope, quota)).thenReturn(Answer.empty(200));
    }

    private static Quota read(FieldsRequest request) {
        Map<Resource, Long> most = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            JsonValue limit = request.get(name(resource));
            if (limit != null) {
                most.put(resource, limit.longCount());
            }
        }
        return new Quota(most);
    }

    private static String name(Resource resource) {
        return resource.name().toLowerCase(Locale.ROOT);
    }

    /** What the path names: a tenant, a database in it, or a collection in that. */
    private Mono<QuotaScope> scope(Exchange exchange) {
        return switch (exchange.parameterCount()) {
            case 1 -> Mono.just(new QuotaScope.OfTenant(exchange.parameter(0)));
            case 2 -> Mono.just(new QuotaScope.OfDatabase(exchange.parameter(0), exchange.parameter(1)));
            default ->
                finder.byId(exchange, exchange.parameter(0)).map(found -> new QuotaScope.OfCollection(found.id()));
        };
    }

    private Mono<Answer> ofTenant(Exchange exchange, RequestBody body) {
        return answer(new QuotaScope.OfTenant(exchange.parameter(0)));
    }

    private Mono<Answer> ofDatabase(Exchange exchange, RequestBody body) {
        return answer(new QuotaScope.OfDatabase(exchange.parameter(0), exchange.parameter(1)));
    }

    private Mono<Answer> ofCollection(Exchange exchange, RequestBody body) {
        return finder.byId(exchange).flatMap(found -> answer(new QuotaScope.OfCollection(found.id())));
    }

    private Mono<Answer> answer(QuotaScope scope) {
        List<Collection> collections = catalog.collectionsWithin(scope);
        Quota quota = catalog.quota(scope);
        Usage used = collections.stream()
                .map(collection -> usages.of(collection.id()))
                .reduce(Usage.NOTHING, Usage::plus);
        return Mono.just(Answer.ok(out -> write(out, quota, used, collections.size())));
    }

    private static void write(JsonGenerator out, Quota quota, Usage used, int collections) throws IOException {
        out.writeStartObject();
        for (Resource resource : Resource.values()) {
            out.writeObjectFieldStart(name(resource));
            writeUsed(out, resource, used, collections);
            writeLimit(out, quota.of(resource));
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void writeUsed(JsonGenerator out, Resource resource, Usage used, int collections)
            throws IOException {
        switch (resource) {
            case RECORDS -> out.writeNumberField("used", used.records());
            case BYTES -> out.writeNumberField("used", used.bytes());
            case COLLECTIONS -> out.writeNumberField("used", collections);
            case DIMENSION, K -> {}
        }
    }

    private static void writeLimit(JsonGenerator out, @Nullable Long limit) throws IOException {
        if (limit == null) {
            out.writeNullField("limit");
        } else {
            out.writeNumberField("limit", limit);
        }
    }
}
