package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Names;
import io.quiver.log.catalog.Tenant;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tenants and their databases. */
final class TenantEndpoints {
    private static final String TENANTS = "/api/v2/tenants";
    static final String TENANT = TENANTS + "/{tenant}";
    static final String DATABASES = TENANT + "/databases";
    static final String DATABASE = DATABASES + "/{database}";

    private final Catalog catalog;

    TenantEndpoints(Catalog catalog) {
        this.catalog = catalog;
    }

    List<Route> routes() {
        return List.of(
                Route.adminWithBody(HttpMethod.POST, TENANTS, this::createTenant),
                Route.admin(HttpMethod.GET, TENANT, this::tenant),
                Route.adminWithBody(HttpMethod.PATCH, TENANT, this::changeTenant),
                Route.adminWithBody(HttpMethod.POST, DATABASES, this::createDatabase),
                Route.admin(HttpMethod.GET, DATABASES, this::databases),
                Route.admin(HttpMethod.GET, DATABASE, this::database),
                Route.admin(HttpMethod.DELETE, DATABASE, this::deleteDatabase));
    }

    private Mono<Answer> createTenant(Exchange exchange, RequestBody body) {
        String name = FieldsRequest.read(body, "name").requiredText("name");
        Names.checkTenant(name);
        exchange.named(name);
        return catalog.createTenant(name).map(_ -> Answer.empty(200));
    }

    private Mono<Answer> tenant(Exchange exchange, RequestBody body) {
        return catalog.tenant(exchange.tenant()).map(TenantEndpoints::answer);
    }

    private Mono<Answer> changeTenant(Exchange exchange, RequestBody body) {
        String resourceName = FieldsRequest.read(body, "resource_name").requiredText("resource_name");
        Names.checkResourceName(resourceName);
        exchange.named(resourceName);
        return catalog.setResourceName(exchange.tenant(), resourceName).map(_ -> Answer.empty(200));
    }

    private Mono<Answer> createDatabase(Exchange exchange, RequestBody body) {
        String name = FieldsRequest.read(body, "name").requiredText("name");
        Names.checkDatabase(name);
        exchange.named(name);
        return catalog.createDatabase(exchange.tenant(), name).map(_ -> Answer.empty(200));
    }

    private Mono<Answer> databases(Exchange exchange, RequestBody body) {
        return catalog.databases(exchange.tenant(), Pages.limit(exchange), Pages.offset(exchange))
                .map(databases -> Answer.array(databases, TenantEndpoints::write));
    }

    private Mono<Answer> database(Exchange exchange, RequestBody body) {
        String name = exchange.parameter(1);
        Names.checkDatabaseLookup(name);
        return catalog.database(exchange.tenant(), name).map(database -> Answer.ok(out -> write(out, database)));
    }

    private Mono<Answer> deleteDatabase(Exchange exchange, RequestBody body) {
        String name = exchange.parameter(1);
        Names.checkDatabaseLookup(name);
        return catalog.deleteDatabase(exchange.tenant(), name).thenReturn(Answer.empty(200));
    }

    private static Answer answer(Tenant tenant) {
        return Answer.ok(out -> {
            out.writeStartObject();
            out.writeStringField("name", tenant.name());
            out.writeStringField("resource_name", tenant.resourceName());
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Database database) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", database.id().toString());
        out.writeStringField("name", database.name());
        out.writeStringField("tenant", database.tenant());
        out.writeEndObject();
    }
}
