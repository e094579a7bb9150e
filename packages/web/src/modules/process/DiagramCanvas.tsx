import type { InstanceView } from '@changbai/contract/process.ts'
import Viewer from 'bpmn-js/lib/Viewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import { useEffect, useRef, useState } from 'react'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { ageWords } from './age.ts'
import './diagram.css'
import { DiagramMap, type Drawing } from './DiagramMap.tsx'
import { roleWords } from './names.ts'
import { processText } from './processText.ts'

interface Box {
  x: number
  y: number
  width: number
  height: number
}
interface Canvas {
  viewbox(box?: Box): { inner: Box }
  addMarker(element: string, marker: string): void
}
interface Overlays {
  add(element: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement; show: object; scale: boolean }): string
}
interface ElementRegistry {
  getAll(): { id: string; type: string }[]
  get(id: string): Box | undefined
}
/** A shape or an edge of the file's drawing, before it is drawn. */
interface Drawn {
  bpmnElement?: { id: string; $type: string; name?: string }
  label?: { bounds?: { x: number; width: number } }
  set(property: string, value: string): void
}
interface Parsed {
  definitions?: { diagrams?: { plane?: { planeElement?: Drawn[] } }[] }
}

/** A drawing that would be smaller than this as a whole is never squeezed: its names could not be read; a map beside it shows the whole. */
const ZOOM_WHOLE = 0.6
/** Zoom below which 12 px labels can no longer be read; a wider diagram scrolls instead. */
const ZOOM_MIN = 0.85
const MARGIN = 12
/** A drawing this many times wider than its place gets a map. */
const MAP_FROM = 1.4
/** Room below the lowest step for the badge that says who has it. */
const BADGE_ROOM = 16
/** Labels beside flows and gateways were laid out tightly: at most this much room, so that words do not break inside. */
const LABEL_WIDTH = 84
const LANE = /^bpmn:(Lane|Participant)$/

const label = (text: string, kind: string): HTMLElement => {
  const element = document.createElement('div')
  element.className = `diagram-badge diagram-badge-${kind}`
  element.textContent = text
  element.title = text
  return element
}

type Shown = Pick<InstanceView, 'xml' | 'active' | 'passed' | 'flows' | 'failed' | 'badges' | 'loops'>

/** Stroke and ground of what has happened to an element; arrow heads follow the stroke. */
function coloursOf(view: Shown, holder: HTMLElement): (id: string, type: string) => { stroke: string; fill: string; kind: string } {
  const style = getComputedStyle(holder)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const passed = new Set([...view.passed, ...view.flows])
  return (id, type) => {
    if (LANE.test(type)) return { stroke: colour('line-strong'), fill: colour('paper'), kind: 'lane' }
    if (view.failed.includes(id)) return { stroke: colour('breach'), fill: colour('breach-bg'), kind: 'failed' }
    if (view.active.includes(id)) return { stroke: colour('lake'), fill: colour('lake-bg'), kind: 'active' }
    if (passed.has(id)) return { stroke: colour('kept'), fill: colour('kept-bg'), kind: 'passed' }
    return { stroke: colour('field'), fill: colour('paper'), kind: 'ahead' }
  }
}

/**
 * The very definition that runs, with what has happened painted on it. `plain`: a definition without an instance. `whole`: all of it in
 * view while its names can still be made out; else never smaller than can be read, scrolled to the step that is waiting, with a map of the
 * whole beside it.
 */
export default function DiagramCanvas({ view, plain, whole }: { view: Shown; plain?: boolean; whole?: boolean }) {
  const outer = useRef<HTMLDivElement>(null)
  const holder = useRef<HTMLDivElement>(null)
  const [broken, setBroken] = useState<string | null>(null)
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const lang = useLanguage()
  const say = useText(processText)

  useEffect(() => {
    const container = holder.current
    const scroller = outer.current
    if (!container || !scroller) return
    // measured on a canvas, which knows no inherited font
    const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, lineHeight: 1.25 }
    const viewer = new Viewer({ container, textRenderer: { defaultStyle: font, externalStyle: font } })
    let gone = false
    const colours = coloursOf(view, container)
    viewer.on('import.parse.complete', ({ definitions }: Parsed) => {
      for (const drawn of definitions?.diagrams?.[0]?.plane?.planeElement ?? []) {
        const element = drawn.bpmnElement
        if (!element) continue
        const { stroke, fill } = colours(element.id, element.$type)
        drawn.set('bioc:stroke', stroke)
        if (!/SequenceFlow$/.test(element.$type)) drawn.set('bioc:fill', fill)
        if (element.name) element.name = stepWord(element.name, lang)
        const bounds = drawn.label?.bounds
        const room = lang === 'en-US' ? LABEL_WIDTH : Math.min(LABEL_WIDTH, (element.name ?? '').length * 12 + 8)
        if (bounds && bounds.width < room) {
          bounds.x -= (room - bounds.width) / 2
          bounds.width = room
        }
      }
    })
    viewer
      .importXML(view.xml)
      .then(() => {
        if (gone) return
        const canvas = viewer.get('canvas') as Canvas
        const registry = viewer.get('elementRegistry') as ElementRegistry
        const overlays = viewer.get('overlays') as Overlays
        for (const element of registry.getAll()) {
          const { kind } = colours(element.id.replace(/_label$/, ''), element.type)
          canvas.addMarker(element.id, plain && kind === 'ahead' ? 'is-plain' : `is-${kind}`)
          if (/Task$/.test(element.type)) canvas.addMarker(element.id, 'is-task')
        }

        const { inner } = canvas.viewbox()
        const box = {
          x: inner.x - MARGIN,
          y: inner.y - MARGIN,
          width: inner.width + 2 * MARGIN,
          height: inner.height + 2 * MARGIN + BADGE_ROOM,
        }
        const fitting = Math.min(1, scroller.clientWidth / box.width)
        const zoom = whole && fitting >= ZOOM_WHOLE ? fitting : Math.max(ZOOM_MIN, fitting)
        const width = Math.max(Math.floor(box.width * zoom), scroller.clientWidth)
        const height = Math.ceil(box.height * zoom)
        container.style.width = `${width}px`
        container.style.height = `${height}px`
        canvas.viewbox({ ...box, width: Math.max(box.width, scroller.clientWidth / zoom) })
        const svg = container.querySelector('svg')
        setDrawing(svg && width > MAP_FROM * scroller.clientWidth ? { svg, width, height } : null)

        const waiting = view.active.map((id) => registry.get(id)).find((one) => one !== undefined)
        if (waiting) {
          scroller.scrollLeft = (waiting.x + waiting.width / 2 - box.x) * zoom - scroller.clientWidth / 2
          scroller.scrollTop = (waiting.y + waiting.height / 2 - box.y) * zoom - scroller.clientHeight / 2
        }
        const show = { minZoom: 0, maxZoom: 10 }
        for (const badge of view.badges) {
          if (!registry.get(badge.node)) continue
          const who =
            badge.waitingFor.map((one) => one.name).join(lang === 'en-US' ? ', ' : '、') ||
            (badge.roles.length > 0 ? roleWords(badge.roles, lang) : say('machine'))
          overlays.add(badge.node, 'waiting', {
            position: { bottom: -3, left: 0 },
            html: label(say('waitingBadge', { who, age: ageWords(badge.since, lang) }), 'active'),
            show,
            scale: false,
          })
        }
        for (const loop of view.loops)
          if (registry.get(loop.node))
            overlays.add(loop.node, 'loops', {
              position: { top: -10, right: 12 },
              html: label(say('times', { n: loop.times }), 'loop'),
              show,
              scale: false,
            })
      })
      .catch((error: unknown) => setBroken(error instanceof Error ? error.message : String(error)))
    return () => {
      gone = true
      viewer.destroy()
    }
  }, [view, lang, say, plain, whole])

  if (broken) return <p className="second sheet-body">{say('diagramBroken', { why: broken })}</p>
  return (
    <div className="diagram-place">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section ref={outer} className="diagram" tabIndex={0} aria-label={say('diagramLabel')}>
        <div ref={holder} className="diagram-canvas" />
      </section>
      {drawing && outer.current && <DiagramMap drawing={drawing} scroller={outer.current} />}
    </div>
  )
}
