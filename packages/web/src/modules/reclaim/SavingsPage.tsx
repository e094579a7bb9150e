import type { ReclaimOutcome } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { count, today } from '../../shared/time.ts'
import { EmptyState, Loaded, PageTitle, SelectField, Sheet } from '../../shared/ui/index.ts'
import { ReclaimTabs } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

interface Line {
  cases: number
  vcpu: number
  memGiB: number
  gib: number
}
const YEARS_SHOWN = 4

/** What reclaim has given back in a year. */
export function SavingsPage() {
  const say = useText(reclaimText)
  const now = Number(today().slice(0, 4))
  const [year, setYear] = useState(String(now))
  const query = useQuery(ask('reclaim.savings', { year }))
  const total = query.data?.total
  return (
    <div className="page">
      <PageTitle
        title={say('reclaim')}
        sentence={
          total &&
          (total.cases === 0
            ? say('nothingSaved', { year })
            : say('savedTotal', { year, n: total.cases, vcpu: total.vcpu, memGiB: total.memGiB, gib: total.gib }))
        }
        acts={
          <SelectField
            label={say('year')}
            value={year}
            options={Array.from({ length: YEARS_SHOWN }, (_, index) => [String(now - index), String(now - index)] as const)}
            onChange={setYear}
          />
        }
      />
      <ReclaimTabs />
      <Loaded query={query} rows={6}>
        {(data) => (
          <div className="stack">
            <Sheet title={say('byOutcome')}>
              <p>
                {Object.entries(data.outcomes)
                  .map(([outcome, n]) => `${say(outcome as ReclaimOutcome)} ${n}`)
                  .join(' · ') || '—'}
              </p>
            </Sheet>
            <Sums title={say('byMonth')} head={say('month')} lines={data.months.map((one) => [one.month, one] as const)} />
            <Sums title={say('byBureau')} head={say('tenant')} lines={data.bureaus.map((one) => [one.tenantName, one] as const)} />
          </div>
        )}
      </Loaded>
    </div>
  )
}

function Sums({ title, head, lines }: { title: string; head: string; lines: readonly (readonly [string, Line])[] }) {
  const say = useText(reclaimText)
  return (
    <Sheet title={title}>
      {lines.length === 0 ? (
        <EmptyState title="—" />
      ) : (
        <table className="grid">
          <thead>
            <tr>
              <th>{head}</th>
              <th className="num">{say('count')}</th>
              <th className="num">{say('vcpu')}</th>
              <th className="num">{say('mem')}</th>
              <th className="num">{say('gib')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(([name, line]) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="num">{count(line.cases)}</td>
                <td className="num">{count(line.vcpu)}</td>
                <td className="num">{count(line.memGiB)}</td>
                <td className="num">{count(line.gib)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Sheet>
  )
}
