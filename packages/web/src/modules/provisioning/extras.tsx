import type { WorkOrder, WorkOrderLine } from '@changbai/contract/provisioning.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { Check, Loaded, TextField } from '../../shared/ui/index.ts'
import type { Extra } from '../process/index.ts'
import { wordsOf } from './OrderLines.tsx'
import { orderText } from './orderText.ts'

type Give = (data: Record<string, unknown>) => void

/** The parts of a work order's steps that are more than words. */
export function extraFor(formKey: string, order: WorkOrder): Extra | undefined {
  if (formKey === 'provisioning.selfCheck') return ({ onChange }) => <SelfCheck workOrderId={order.id} give={onChange} />
  if (formKey === 'provisioning.manualLines')
    return ({ onChange }) => (
      <ManualLines
        lines={order.items.filter((line) => line.way === 'MANUAL' && ['PENDING', 'WORKING', 'FAILED'].includes(line.state))}
        give={onChange}
      />
    )
  if (formKey === 'provisioning.accept')
    return ({ outcome, onChange }) => (outcome === 'OBJECT' ? <Objections lines={order.items} give={onChange} /> : null)
  return undefined
}

/** Every item of the template with what was found; agreeing is the rule, a difference is said. */
function SelfCheck({ workOrderId, give }: { workOrderId: string; give: Give }) {
  const say = useText(orderText)
  const query = useQuery(ask('provisioning.selfCheckTemplate', { workOrderId }))
  const [differs, setDiffers] = useState<Record<string, string>>({})
  const items = query.data?.items
  useEffect(() => {
    if (!items) return
    give({
      items: items.map((item) => {
        const key = `${item.lineId}/${item.key}`
        return { lineId: item.lineId, key: item.key, ok: differs[key] === undefined, found: differs[key] ?? item.found }
      }),
    })
  }, [items, differs, give])
  return (
    <Loaded query={query}>
      {(template) => (
        <div className="grid-scroll">
          <table className="grid">
            <caption>{say('selfCheck')}</caption>
            <thead>
              <tr>
                <th>{say('item')}</th>
                <th>{say('expected')}</th>
                <th>{say('found')}</th>
                <th>{say('ok')}</th>
              </tr>
            </thead>
            <tbody>
              {template.items.map((item) => {
                const key = `${item.lineId}/${item.key}`
                const off = differs[key] !== undefined
                return (
                  <tr key={key}>
                    <td>
                      {wordsOf(item.lineTitle)} · {pick(item.label)}
                    </td>
                    <td>{item.expected || '—'}</td>
                    <td>
                      {off ? (
                        <TextField
                          label={say('found')}
                          value={differs[key] ?? ''}
                          onChange={(text) => setDiffers((all) => ({ ...all, [key]: text }))}
                        />
                      ) : (
                        item.found || '—'
                      )}
                    </td>
                    <td>
                      <Check
                        checked={!off}
                        onChange={(ok) =>
                          setDiffers((all) => {
                            const { [key]: _, ...rest } = all
                            return ok ? rest : { ...rest, [key]: '' }
                          })
                        }
                      >
                        {say('ok')}
                      </Check>
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  )
}

interface Done {
  name: string
  addresses: string
  checked: readonly string[]
}

function ManualLines({ lines, give }: { lines: readonly WorkOrderLine[]; give: Give }) {
  const say = useText(orderText)
  const [done, setDone] = useState<Record<string, Done>>({})
  useEffect(() => {
    give({
      lines: lines.map((line) => {
        const mine = done[line.id] ?? { name: '', addresses: '', checked: [] }
        return {
          lineId: line.id,
          checked: mine.checked.map((key) => ({ key })),
          result: mine.name.trim() ? [{ name: mine.name.trim(), addresses: mine.addresses.split(/\s+/).filter(Boolean) }] : [],
        }
      }),
    })
  }, [done, lines, give])
  const change = (id: string, to: Partial<Done>): void =>
    setDone((all) => ({ ...all, [id]: { name: '', addresses: '', checked: [], ...all[id], ...to } }))
  return (
    <>
      <h3>{say('manualLines')}</h3>
      {lines.map((line) => {
        const mine = done[line.id] ?? { name: '', addresses: '', checked: [] }
        return (
          <fieldset key={line.id} className="form-row">
            <legend>{wordsOf(line.title)}</legend>
            {line.checklist.map((item) => (
              <Check
                key={item.key}
                checked={mine.checked.includes(item.key)}
                onChange={(on) =>
                  change(line.id, { checked: on ? [...mine.checked, item.key] : mine.checked.filter((key) => key !== item.key) })
                }
              >
                {pick(item.label)}
              </Check>
            ))}
            <div className="fields">
              <TextField label={say('resultName')} value={mine.name} maxLength={100} onChange={(name) => change(line.id, { name })} />
              <TextField
                label={say('address')}
                help={say('addressesHelp')}
                value={mine.addresses}
                onChange={(addresses) => change(line.id, { addresses })}
              />
            </div>
          </fieldset>
        )
      })}
    </>
  )
}

function Objections({ lines, give }: { lines: readonly WorkOrderLine[]; give: Give }) {
  const say = useText(orderText)
  const [texts, setTexts] = useState<Record<string, string>>({})
  useEffect(() => {
    give({ objections: Object.entries(texts).flatMap(([lineId, text]) => (text.trim() ? [{ lineId, text: text.trim() }] : [])) })
  }, [texts, give])
  return (
    <>
      <h3>{say('objections')}</h3>
      {lines.map((line) => (
        <TextField
          key={line.id}
          label={`${wordsOf(line.title)} · ${say('objection')}`}
          optional
          value={texts[line.id] ?? ''}
          maxLength={2000}
          onChange={(text) => setTexts((all) => ({ ...all, [line.id]: text }))}
        />
      ))}
    </>
  )
}
