package io.quiver.loadtest.index.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
    @Test
    void takesAllWhoseNamesBeginSo() {
        assertEquals(
                List.of("exact", "jvector-m16", "jvector-m32"),
                Engines.named(List.of("jvector", "exact")).stream()
                        .map(Engine::name)
                        .toList());
    }

    @Test
    void refusesAnEngineThatIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> Engines.named(List.of("quiver", "quivver")));
    }
}
