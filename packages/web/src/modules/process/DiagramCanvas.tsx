import type { InstanceView } from '@changbai/contract/process.ts'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import { useEffect, useRef, useState } from 'react'
import { useLanguage, useText } from '../../shared/text.ts'
import { ageWords } from './age.ts'
import './diagram.css'
import { roleWords } from './names.ts'
import { processText } from './processText.ts'

interface Canvas {
  zoom(to: number | 'fit-viewport', center?: unknown): number
  viewbox(): { inner: { width: number; height: number; x: number; y: number } }
  addMarker(element: string, marker: string): void
  scrollToElement(element: string, padding: number): void
}
interface Overlays {
  add(
    element: string,
    type: string,
    overlay: { position: Record<string, number>; html: HTMLElement; show?: Record<string, number> },
  ): string
  clear(): void
}
interface ElementRegistry {
  getAll(): { id: string; type: string; waypoints?: unknown[] }[]
  getGraphics(id: string): SVGElement
  get(id: string): { width?: number } | undefined
}

/** Smallest zoom at which 12 px labels can still be read; a wider diagram scrolls. */
const ZOOM_MIN = 0.8

const label = (text: string, kind: string): HTMLElement => {
  const element = document.createElement('div')
  element.className = `diagram-badge diagram-badge-${kind}`
  element.textContent = text
  return element
}

/** The very definition that runs, with what has happened painted on it. */
export default function DiagramCanvas({
  view,
}: {
  view: Pick<InstanceView, 'xml' | 'active' | 'passed' | 'flows' | 'failed' | 'badges' | 'loops'>
}) {
  const holder = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(320)
  const [broken, setBroken] = useState<string | null>(null)
  const lang = useLanguage()
  const say = useText(processText)

  useEffect(() => {
    const container = holder.current
    if (!container) return
    const viewer = new NavigatedViewer({ container })
    let gone = false
    viewer
      .importXML(view.xml)
      .then(() => {
        if (gone) return
        const canvas = viewer.get('canvas') as Canvas
        const registry = viewer.get('elementRegistry') as ElementRegistry
        const overlays = viewer.get('overlays') as Overlays
        const known = new Set(registry.getAll().map((element) => element.id))
        const paint = (ids: readonly string[], marker: string): void => {
          for (const id of ids) if (known.has(id)) canvas.addMarker(id, marker)
        }
        const touched = new Set([...view.passed, ...view.active, ...view.failed, ...view.flows])
        paint(
          view.passed.filter((id) => !view.active.includes(id)),
          'is-passed',
        )
        paint(view.flows, 'is-passed')
        paint(view.active, 'is-active')
        paint(view.failed, 'is-failed')
        for (const element of registry.getAll()) {
          if (!touched.has(element.id)) canvas.addMarker(element.id, 'is-ahead')
          if (/Task$/.test(element.type)) canvas.addMarker(element.id, 'is-task')
        }

        const { inner } = canvas.viewbox()
        const zoom = Math.min(1, Math.max(ZOOM_MIN, container.clientWidth / (inner.width + 40)))
        setHeight(Math.min(560, Math.max(200, Math.round(inner.height * zoom) + 48)))
        requestAnimationFrame(() => {
          if (gone) return
          canvas.zoom('fit-viewport')
          if (canvas.zoom('fit-viewport') >= ZOOM_MIN) return
          canvas.zoom(ZOOM_MIN, { x: 0, y: 0 })
          const [now] = view.active.filter((id) => known.has(id))
          if (now) canvas.scrollToElement(now, 80)
        })
        for (const badge of view.badges) {
          if (!known.has(badge.node)) continue
          const who = badge.waitingFor.map((one) => one.name).join('、') || badge.machine || roleWords(badge.roles, lang)
          overlays.add(badge.node, 'waiting', {
            position: { bottom: -4, left: 0 },
            html: label(`${who} · ${say('waited', { age: ageWords(badge.since, lang) })}`, 'active'),
          })
        }
        for (const loop of view.loops)
          if (known.has(loop.node))
            overlays.add(loop.node, 'loops', { position: { top: -10, right: 12 }, html: label(`×${loop.times}`, 'loop') })
      })
      .catch((error: unknown) => setBroken(error instanceof Error ? error.message : String(error)))
    return () => {
      gone = true
      viewer.destroy()
    }
  }, [view, lang, say])

  if (broken) return <p className="second">{say('diagramBroken', { why: broken })}</p>
  return <div ref={holder} className="diagram" style={{ height }} role="img" aria-label={say('diagramLabel')} />
}
