import type { Impact } from '@changbai/contract/inventory.ts'
import { Link } from '@tanstack/react-router'
import { useLayoutEffect, useRef } from 'react'
import { type Say, useText } from '../../../shared/text.ts'
import { inventoryText } from '../inventoryText.ts'
import { BOX, drawMap, type MapBox, shortened } from './layout.ts'

type T = typeof inventoryText extends { keys?: infer K extends string } ? Say<K> : never
/** What is lost is breach, what is weakened is at risk; needs are ink, dashed where something stands in. */
const strokes = {
  LOST: { stroke: 'var(--breach)', strokeWidth: 1.6 },
  WEAKENED: { stroke: 'var(--risk-fill)', strokeWidth: 1.6, strokeDasharray: '5 3' },
  VITAL: { stroke: 'var(--ink2)', strokeWidth: 1.6 },
  SPARE: { stroke: 'var(--ink3)', strokeWidth: 1.2, strokeDasharray: '5 3' },
} as const
/** Letters of 13 and of 12 px that fit into a box. */
const FITS = { name: 19, second: 22 }

/** Of those that stand in for each other, how many are left or up; what else there is to say otherwise. */
export function redundancy(
  t: T,
  {
    effect,
    up,
    members,
    bundle,
  }: { effect: 'LOST' | 'WEAKENED' | 'VITAL' | 'SPARE'; up: number | null; members: number | null; bundle: string },
): string {
  if (bundle === '' || up === null || members === null) return ''
  return t(effect === 'LOST' || effect === 'WEAKENED' ? 'impactUpOf' : 'impactUpNow', { up, members })
}

function Box({ box, t }: { box: MapBox; t: T }) {
  const { node } = box
  const edge = node ? strokes[node.effect] : { stroke: 'var(--line-strong)', strokeWidth: 1, strokeDasharray: '3 3' }
  const [first, second] =
    box.kind === 'stub'
      ? [t('mapStub'), '']
      : box.kind === 'more'
        ? [t('mapMore', { n: box.count }), '']
        : [
            shortened(box.name, FITS.name),
            node ? shortened([t(node.type), redundancy(t, node) || t(node.effect)].join(' · '), FITS.second) : '',
          ]
  const isStart = box.kind === 'start'
  return (
    <>
      <rect
        x={box.x}
        y={box.y}
        width={BOX.width}
        height={BOX.height}
        rx={6}
        fill={isStart ? 'var(--lake-bg)' : 'var(--paper)'}
        {...(isStart ? { stroke: 'var(--lake)', strokeWidth: 2 } : edge)}
      />
      <text x={box.x + 10} y={box.y + (second ? 19 : 28)} fontSize={13} fill={node || isStart ? 'var(--ink)' : 'var(--ink3)'}>
        {first}
      </text>
      {second && (
        <text x={box.x + 10} y={box.y + 36} fontSize={12} fill="var(--ink3)">
          {second}
        </text>
      )}
    </>
  )
}

/** The map of one thing. A click on a box walks there; for the keyboard the list beside it says and does the same. */
export function MapPicture({ down, up, hops }: { down: Impact; up: Impact; hops: number }) {
  const t = useText(inventoryText)
  const picture = drawMap(down.start, down, up, hops)
  const frame = useRef<HTMLDivElement>(null)
  // a map wider than the screen shows its middle first, where the thing itself stands
  useLayoutEffect(() => {
    if (frame.current) frame.current.scrollLeft = (frame.current.scrollWidth - frame.current.clientWidth) / 2
  }, [])
  return (
    <div className="map-scroll" ref={frame}>
      <svg
        role="img"
        aria-label={t('mapLabel', { name: down.start.name, down: down.nodes.length, up: up.nodes.length })}
        viewBox={`-4 -4 ${picture.width + 8} ${picture.height + 8}`}
        width={picture.width + 8}
        height={picture.height + 8}
      >
        {picture.lines.map((line) => (
          <path
            key={`${line.from}${line.to}`}
            d={`M${line.x1} ${line.y1}C${line.x1} ${line.y1 + 30} ${line.x2} ${line.y2 - 30} ${line.x2} ${line.y2}`}
            fill="none"
            {...strokes[line.effect]}
          />
        ))}
        {picture.boxes.map((box) =>
          box.kind === 'node' ? (
            <Link key={box.id} to={`/cloud/map/${box.id}`} tabIndex={-1}>
              <title>{t('mapWalk', { name: box.name })}</title>
              <Box box={box} t={t} />
            </Link>
          ) : (
            <g key={box.id}>
              <Box box={box} t={t} />
            </g>
          ),
        )}
      </svg>
    </div>
  )
}
