package io.quiver.loadtest.report;

import io.quiver.loadtest.run.Measurement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** One page that needs nothing else: the table, and plots as SVG. */
final class HtmlReport {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;

    private HtmlReport() {}

    static String render(Report report) throws IOException {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(escape(report.title()))
                .append("</title><style>body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;")
                .append("padding:0 1em}table{border-collapse:collapse}td,th{padding:.3em .8em;border-bottom:1px solid ")
                .append("#ddd;text-align:right}td:first-child,th:first-child{text-align:left}svg{max-width:100%;")
                .append("height:auto;margin:1em 0}</style><h1>")
                .append(escape(report.title()))
                .append("</h1>");
        facts(page, report.facts());
        measurements(page, report.measurements());
        if (!report.measurements().isEmpty()) {
            page.append(bars("Operations a second", report.measurements(), Measurement::perSecond));
            page.append(latencies(report.measurements()));
        }
        return page.append("</html>\n").toString();
    }

    private static void facts(StringBuilder page, Map<String, Object> facts) {
        page.append("<table>");
        facts.forEach((name, value) ->
                page.append("<tr><td>").append(escape(name)).append("<td>").append(escape(String.valueOf(value))));
        page.append("</table>");
    }

    private static void measurements(StringBuilder page, List<Measurement> measurements) {
        page.append("<h2>Runs</h2><table><tr><th>run<th>count<th>per second<th>recall<th>server CPU, us each")
                .append("<th>p50 ms<th>p90 ms<th>p99 ms<th>p99.9 ms<th>errors");
        for (Measurement m : measurements) {
            page.append("<tr><td>").append(escape(m.name()));
            page.append("<td>").append(m.operations());
            page.append("<td>").append("%.0f".formatted(m.perSecond()));
            page.append("<td>").append(Report.orDash(m.recall(), "%.4f"));
            page.append("<td>").append(Report.orDash(m.serverCpuMicros(), "%.1f"));
            for (double percentile : new double[] {50, 90, 99, 99.9}) {
                page.append("<td>").append("%.3f".formatted(m.latencyMs(percentile)));
            }
            page.append("<td>").append(m.errors());
        }
        page.append("</table>");
    }

    private static String bars(String title, List<Measurement> measurements, ToDoubleFunction<Measurement> value)
            throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(20);
        chart.addSeries(
                title,
                measurements.stream().map(Measurement::name).toList(),
                measurements.stream().map(value::applyAsDouble).toList());
        return svg(chart);
    }

    /** Latency against the share of requests that took at most as long. */
    private static String latencies(List<Measurement> measurements) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Latency of requests by percentile")
                .xAxisTitle("nines of the percentile (1 = 90 %, 2 = 99 %, 3 = 99.9 %)")
                .yAxisTitle("ms")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setLegendPosition(LegendPosition.OutsideS);
        double[] nines = new double[31];
        for (int i = 0; i < nines.length; i++) {
            nines[i] = i / 10.0;
        }
        for (Measurement m : measurements) {
            double[] ms = new double[nines.length];
            for (int i = 0; i < nines.length; i++) {
                ms[i] = Math.max(0.001, m.latencyMs(100 * (1 - Math.pow(10, -nines[i]))));
            }
            chart.addSeries(m.name(), nines, ms);
        }
        return svg(chart);
    }

    private static String svg(Chart<?, ?> chart) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        String svg = out.toString(StandardCharsets.UTF_8);
        return svg.substring(svg.indexOf("<svg"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
