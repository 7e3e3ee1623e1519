const WIDTH = 120;
const HEIGHT = 24;
const PLACES = 60;

/** The course of a figure over the last minute; the newest is at the right. Says nothing that its number does not. */
export function Trace({
  values,
  least,
}: {
  values: readonly number[] /** What fills the height at least. */;
  least: number;
}) {
  if (values.length < 2) return <div className="h-6" />;
  const most = Math.max(least, ...values);
  const points = values.map((value, index) => {
    const x = WIDTH - ((values.length - 1 - index) / (PLACES - 1)) * WIDTH;
    return `${x.toFixed(1)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1)}`;
  });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-6 w-full text-accent"
      aria-hidden="true"
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
