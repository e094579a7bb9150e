import BpmnModeler from 'bpmn-js/lib/Modeler'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/diagram-js.css'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Button, ProblemAlert, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { definitionText } from './definitionText.ts'
import './diagram.css'
import { propertyHelp, propertyWord } from './properties.ts'
import { wfModdle } from './wfModdle.ts'

interface Element {
  id: string
  businessObject: { id: string; name?: string; $type: string; get(name: string): unknown }
}
interface Modeling {
  updateProperties(element: Element, properties: Record<string, unknown>): void
}
interface Box {
  x: number
  y: number
  width: number
  height: number
}
/** Labels can be read; the rest is reached by dragging. The tools stand left of the drawing, not on it. */
const ZOOM = 0.85
const PALETTE_WIDTH = 124
interface Finding {
  element: string | null
  reason: string
  level: 'error' | 'warning'
}

/** What an element may carry of ours, by its type. */
const EXTRAS: Record<string, readonly string[]> = {
  'bpmn:UserTask': [
    'wf:formKey',
    'wf:candidateRoles',
    'wf:assignee',
    'wf:due',
    'wf:dueFrom',
    'wf:notBy',
    'wf:outcomes',
    'wf:returnTo',
    'wf:clause',
  ],
  'bpmn:ServiceTask': ['wf:topic', 'wf:mode'],
}

/** Edits a definition: draw, set properties, check, hand in. Nothing is in force before a second person approves. */
export default function Modeller({ definitionKey, xml, onDone }: { definitionKey: string; xml: string; onDone(): void }) {
  const say = useText(definitionText)
  const lang = useLanguage()
  const act = useAct()
  const holder = useRef<HTMLDivElement>(null)
  const modeler = useRef<InstanceType<typeof BpmnModeler> | null>(null)
  const [chosen, setChosen] = useState<Element | null>(null)
  const [findings, setFindings] = useState<readonly Finding[] | null>(null)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [, redraw] = useState(0)

  useEffect(() => {
    const container = holder.current
    if (!container) return
    const made = new BpmnModeler({ container, moddleExtensions: { wf: wfModdle } })
    modeler.current = made
    const events = made.get('eventBus') as { on(event: string, hear: (e: { newSelection?: Element[] }) => void): void }
    events.on('selection.changed', ({ newSelection }) => setChosen(newSelection?.[0] ?? null))
    events.on('commandStack.changed', () => {
      setFindings(null)
      redraw((n) => n + 1)
    })
    made.importXML(xml).then(() => {
      const canvas = made.get('canvas') as { viewbox(box?: Box): { inner: Box } }
      const { inner } = canvas.viewbox()
      canvas.viewbox({
        x: inner.x - PALETTE_WIDTH / ZOOM,
        y: inner.y - 16,
        width: container.clientWidth / ZOOM,
        height: container.clientHeight / ZOOM,
      })
    })
    return () => made.destroy()
  }, [xml])

  const written = async (): Promise<string> => (await modeler.current?.saveXML({ format: true }))?.xml ?? ''
  const check = (): Promise<unknown> =>
    act.run(async () => {
      const result = await call('process.validate', { key: definitionKey, xml: await written() })
      setFindings(result.findings)
    })
  const propose = async (): Promise<void> => {
    setTried(true)
    if (reason.trim() === '') return
    const done = await act.run(async () => call('process.propose', { key: definitionKey, xml: await written(), reason }))
    if (done) onDone()
  }
  const change = (property: string, value: string): void => {
    if (!chosen || !modeler.current) return
    ;(modeler.current.get('modeling') as Modeling).updateProperties(chosen, { [property]: value || undefined })
  }
  const select = (id: string): void => {
    const registry = modeler.current?.get('elementRegistry') as { get(id: string): Element | undefined }
    const element = registry.get(id)
    const selection = modeler.current?.get('selection') as { select(element: Element): void } | undefined
    if (element) selection?.select(element)
  }
  const business = chosen?.businessObject

  return (
    <div className="modeller">
      <div className="modeller-body">
        <div ref={holder} className="modeller-canvas" />
        <aside className="modeller-side stack tight">
          <h3>{say('properties')}</h3>
          {business ? (
            <>
              <p className="second">
                <code>{business.id}</code> {business.$type.replace('bpmn:', '')}
              </p>
              <TextField label={say('name')} value={business.name ?? ''} onChange={(value) => change('name', value)} />
              {(EXTRAS[business.$type] ?? []).map((property) => (
                <TextField
                  key={property}
                  label={propertyWord(property, lang)}
                  help={propertyHelp(property, lang)}
                  value={String(business.get(property) ?? '')}
                  onChange={(value) => change(property, value)}
                />
              ))}
            </>
          ) : (
            <p className="second">{say('pickElement')}</p>
          )}
          <div className="modeller-foot stack tight">
            {findings && (
              <div role="status">
                <Status state={findings.some((one) => one.level === 'error') ? 'breach' : 'kept'}>
                  {findings.length === 0 ? say('sound') : say('findings', { count: findings.length })}
                </Status>
                <ul className="plain-list">
                  {findings.map((one) => (
                    <li key={`${one.element}${one.reason}`}>
                      {one.element && (
                        <button type="button" className="link" onClick={() => select(one.element as string)}>
                          <code>{one.element}</code>
                        </button>
                      )}{' '}
                      {one.reason}
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {act.error !== null && <ProblemAlert error={act.error} />}
            <TextField
              label={say('reason')}
              error={tried && reason.trim() === '' ? say('reasonWanted') : undefined}
              value={reason}
              maxLength={2000}
              onChange={setReason}
            />
            <div className="page-acts">
              <Button busy={act.busy} onClick={() => void check()}>
                {say('validate')}
              </Button>
              <Button kind="primary" busy={act.busy} onClick={() => void propose()}>
                {say('propose')}
              </Button>
            </div>
          </div>
        </aside>
      </div>
    </div>
  )
}
