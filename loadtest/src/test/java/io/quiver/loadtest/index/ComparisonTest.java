package io.quiver.loadtest.index;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.loadtest.index.engine.Engine;
import io.quiver.loadtest.index.engine.Engines;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void saysBeforeItBuildsWhatFiltersNeed() {
        List<Engine> engines = Engines.named(List.of("quiver"));
        assertThrows(IllegalArgumentException.class, () -> new Comparison(engines, List.of(1), 1, 0.1, true));
    }
}
