import { type PointerEvent, useEffect, useRef } from 'react'

/** Width of the map; its height follows the drawing. */
const MAP_WIDTH = 260

export interface Drawing {
  /** The drawing as it stands in the page, and its size there in px. */
  svg: SVGSVGElement
  width: number
  height: number
}

/**
 * The whole of a large drawing beside the part that can be read: what has passed, where it is, and which part is in view. Pressing a place
 * brings it into view. For the eye alone: by keyboard the drawing itself scrolls, and the list of steps says the same in words.
 */
export function DiagramMap({ drawing, scroller }: { drawing: Drawing; scroller: HTMLElement }) {
  const holder = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const scale = MAP_WIDTH / drawing.width

  useEffect(() => {
    const copy = drawing.svg.cloneNode(true) as SVGSVGElement
    for (const text of copy.querySelectorAll('text')) text.remove()
    copy.setAttribute('viewBox', `0 0 ${drawing.width} ${drawing.height}`)
    copy.setAttribute('width', `${MAP_WIDTH}`)
    copy.setAttribute('height', `${drawing.height * scale}`)
    holder.current?.replaceChildren(copy)
  }, [drawing, scale])

  useEffect(() => {
    const follow = () => {
      const box = frame.current
      if (!box) return
      box.style.left = `${scroller.scrollLeft * scale}px`
      box.style.top = `${scroller.scrollTop * scale}px`
      box.style.width = `${Math.min(drawing.width, scroller.clientWidth) * scale}px`
      box.style.height = `${Math.min(drawing.height, scroller.clientHeight) * scale}px`
    }
    follow()
    scroller.addEventListener('scroll', follow, { passive: true })
    addEventListener('resize', follow)
    return () => {
      scroller.removeEventListener('scroll', follow)
      removeEventListener('resize', follow)
    }
  }, [scroller, drawing, scale])

  const look = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return
    const at = event.currentTarget.getBoundingClientRect()
    scroller.scrollLeft = (event.clientX - at.left) / scale - scroller.clientWidth / 2
    scroller.scrollTop = (event.clientY - at.top) / scale - scroller.clientHeight / 2
  }
  return (
    <div
      className="diagram-map"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        look(event)
      }}
      onPointerMove={look}
    >
      <div ref={holder} />
      <div ref={frame} className="diagram-map-frame" />
    </div>
  )
}
