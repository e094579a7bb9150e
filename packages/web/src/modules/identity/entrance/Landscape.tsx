/** A ridge line: sums of few waves, the same on every device. Heights in the view box of 888 by 420. */
const ridge = (base: number, peaks: readonly (readonly [at: number, height: number, width: number])[], rough: number): string => {
  const points: string[] = []
  for (let x = 0; x <= 888; x += 6) {
    let y = base + rough * (Math.sin(x * 0.031) + 0.6 * Math.sin(x * 0.083 + 1) + 0.35 * Math.sin(x * 0.37 + 2) + 0.25 * Math.sin(x * 0.71))
    for (const [at, height, width] of peaks) y -= height * Math.exp(-(((x - at) / width) ** 2))
    points.push(`${x} ${y.toFixed(1)}`)
  }
  return `M0 420V${points[0]?.split(' ')[1]}L${points.join('L')}V420Z`
}

const layers = [
  { d: ridge(112, [], 6), fill: 'var(--sunk)', stroke: 'var(--line-strong)' },
  {
    d: ridge(
      178,
      [
        [372, 138, 50],
        [702, 130, 44],
        [130, 34, 80],
        [540, -60, 70],
        [830, 24, 60],
      ],
      5,
    ),
    fill: 'var(--paper)',
    stroke: 'var(--ink-disabled)',
  },
] as const
const front = [
  {
    d: ridge(
      270,
      [
        [372, 96, 56],
        [702, 84, 52],
        [130, 24, 70],
        [540, -8, 60],
      ],
      4,
    ),
    fill: 'var(--none-bg)',
    stroke: 'var(--ink-disabled)',
  },
  { d: ridge(322, [[500, 16, 160]], 3), fill: 'var(--kept-bg)', stroke: 'var(--kept-line)' },
  { d: ridge(376, [[240, 12, 120]], 3), fill: 'var(--kept-line)', stroke: 'var(--kept-fill)' },
] as const

/** The mountain and its lake; drawn, not loaded. */
export const Landscape = () => (
  <svg className="landscape" viewBox="0 0 888 420" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
    {layers.map((layer) => (
      <path key={layer.d} {...layer} />
    ))}
    <path d="M446 182h186l16 26c-20 26-50 50-84 54h-50c-34-4-64-28-84-54Z" fill="var(--lake-bg)" />
    {Array.from({ length: 9 }, (_, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: nine lines of water without identity
      <path key={i} d={`M${452 + i * 5} ${184 + i * 7}h${178 - i * 11}`} stroke="var(--lake-line)" strokeWidth={1.6} />
    ))}
    {front.map((layer) => (
      <path key={layer.d} {...layer} />
    ))}
  </svg>
)
