package io.quiver.loadtest.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Recall against speed as a picture: further up is faster, further right finds more. */
final class CurvePlot {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 640;

    private CurvePlot() {}

    static void write(Outcome outcome, Path file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(outcome.name())
                .xAxisTitle("recall@10")
                .yAxisTitle("queries a second of processor time, one thread")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setLegendPosition(LegendPosition.OutsideE);
        for (Curve curve : outcome.curves()) {
            List<Point> points = curve.points();
            chart.addSeries(
                    curve.name(),
                    points.stream().map(Point::recall).toList(),
                    points.stream().map(Point::queriesPerSecond).toList());
        }
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    }
}
