import { storageKindNames } from '@changbai/contract/catalog.ts'
import type { DraftContent } from '@changbai/contract/forms.ts'
import type { RequestDetail } from '@changbai/contract/request.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { Loaded } from '../../shared/ui/index.ts'
import type { Extra } from '../process/index.ts'
import { requestText } from './requestText.ts'

/** A line of the form whose quantity can be given in part: machines by number, storage by GiB. */
interface Line {
  path: string
  name: string
  purpose: string
  asked: number
  unit: '' | 'GiB'
}
type Row = Record<string, unknown>
const rowsOf = (content: DraftContent, field: string): Row[] => {
  const value = content[field]
  return Array.isArray(value) ? (value as Row[]) : []
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

function linesOf(content: DraftContent, models: ReadonlyMap<string, string>): Line[] {
  const line = (list: string, nameOf: (row: Row) => string, quantity: string, unit: Line['unit']): Line[] =>
    rowsOf(content, list).map((row, index) => ({
      path: `${list}.${index}`,
      name: nameOf(row),
      purpose: textOf(row.purpose),
      asked: numberOf(row[quantity]),
      unit,
    }))
  const storage = storageKindNames as Record<string, { zh: string; en: string }>
  return [
    ...line('vmItems', (row) => textOf(row.hostName), 'count', ''),
    ...line('bmItems', (row) => models.get(textOf(row.modelId)) ?? textOf(row.cpu), 'count', ''),
    ...line('storageItems', (row) => pick(storage[textOf(row.kind)] ?? { zh: '', en: '' }), 'gib', 'GiB'),
  ]
}

/** The form's lines, as they stand in the paper that is being reviewed. */
function useLines(request: RequestDetail) {
  const form = useQuery(ask('form.get', { formId: request.formId }))
  const choices = useQuery(ask('request.choices', { requestId: request.id }))
  const models = new Map((choices.data?.models ?? []).map((one) => [one.id, one.name]))
  return { form, lines: form.data ? linesOf(form.data.content, models) : [] }
}

/** Capacity short: line by line, what can be given now (ADR 0045). The rest waits as a request of its own. */
function PartialLines({ request, give }: { request: RequestDetail; give(data: Record<string, unknown>): void }) {
  const say = useText(requestText)
  const { form, lines } = useLines(request)
  const [typed, setTyped] = useState<Record<string, string>>({})
  const given = (line: Line): number => {
    const text = typed[line.path]
    return text === undefined || !/^\d+$/.test(text) ? line.asked : Math.min(Number(text), line.asked)
  }
  const partial = lines.filter((line) => given(line) < line.asked).map((line) => ({ path: line.path, quantity: given(line) }))
  const spelled = JSON.stringify(partial)
  useEffect(() => {
    give({ partial: JSON.parse(spelled) })
  }, [spelled, give])
  const nothing = lines.length > 0 && lines.every((line) => given(line) === 0)
  return (
    <Loaded query={form}>
      {() => (
        <fieldset className="split-lines">
          <legend>{say('partialTitle')}</legend>
          <p className="second">{say('partialHelp')}</p>
          <div className="table-scroll">
            <table className="grid">
              <thead>
                <tr>
                  <th>{say('line')}</th>
                  <th>{say('purpose')}</th>
                  <th className="num">{say('asked')}</th>
                  <th className="num">{say('givenNow')}</th>
                  <th className="num">{say('givenLater')}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={line.path}>
                    <td className="name">{line.name}</td>
                    <td>{line.purpose}</td>
                    <td className="num">
                      {count(line.asked)} {line.unit}
                    </td>
                    <td className="num">
                      <span className="box num">
                        <input
                          aria-label={say('givenNowOf', { name: line.name })}
                          inputMode="numeric"
                          value={typed[line.path] ?? String(line.asked)}
                          onChange={(event) => setTyped({ ...typed, [line.path]: event.target.value.replace(/\D/g, '') })}
                        />
                        {line.unit && <span className="unit">{line.unit}</span>}
                      </span>
                    </td>
                    <td className="num">
                      {count(line.asked - given(line))} {line.unit}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {partial.length === 0 && <p className="risk">{say('partialNone')}</p>}
          {nothing && <p className="risk">{say('partialNothing')}</p>}
        </fieldset>
      )}
    </Loaded>
  )
}

/** What the reviewer proposes, for the project manager who agrees or waits for the whole. */
function ProposedSplit({ request }: { request: RequestDetail }) {
  const say = useText(requestText)
  const { form, lines } = useLines(request)
  const now = new Map(request.proposedSplit.map((one) => [one.path, one.quantity]))
  return (
    <Loaded query={form}>
      {() => (
        <div className="table-scroll">
          <table className="grid">
            <caption>{say('splitProposed')}</caption>
            <thead>
              <tr>
                <th>{say('line')}</th>
                <th className="num">{say('asked')}</th>
                <th className="num">{say('givenNow')}</th>
                <th className="num">{say('givenLater')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => {
                const part = now.get(line.path) ?? line.asked
                return (
                  <tr key={line.path}>
                    <td className="name">{line.name}</td>
                    <td className="num">
                      {count(line.asked)} {line.unit}
                    </td>
                    <td className="num">
                      {count(part)} {line.unit}
                    </td>
                    <td className="num">
                      {count(line.asked - part)} {line.unit}
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

/** The parts of a request's steps that are more than words. */
export function splitExtra(formKey: string, request: RequestDetail): Extra | undefined {
  if (formKey === 'request.capacityReview')
    return ({ data, onChange }) => (data.capacity === 'PARTIAL' ? <PartialLines request={request} give={onChange} /> : null)
  if (formKey === 'request.confirmSplit') return () => <ProposedSplit request={request} />
  return undefined
}
