package io.quiver.loadtest.index;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time: what was worked, not what was waited. */
public final class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private CpuTime() {}

    public static double ofThisThreadSeconds() {
        return THREADS.getCurrentThreadCpuTime() / 1e9;
    }

    /** Of all threads, those of the virtual machine among them. */
    public static double ofProcessSeconds() {
        return PROCESS.getProcessCpuTime() / 1e9;
    }
}
