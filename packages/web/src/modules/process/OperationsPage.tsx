import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { ask, call } from '../../shared/call.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DecisionDialog,
  type ListInput,
  Loaded,
  PageTitle,
  Sheet,
  Status,
  StatusGlyph,
} from '../../shared/ui/index.ts'
import { definitionText } from './definitionText.ts'
import { matterAddress } from './matterAddress.ts'

type Running = Received<'process.operations'>['items'][number]
type Incident = Received<'process.incidents'>['items'][number]

/** For those who keep processes moving: what failed and may be tried again, what is late, what has not moved. */
export function OperationsPage() {
  const say = useText(definitionText)
  const lang = useLanguage()
  const client = useQueryClient()
  const incidents = useQuery(ask('process.incidents', {}))
  const [retrying, setRetrying] = useState<Incident | null>(null)
  const [ending, setEnding] = useState<Running | null>(null)
  const endOf = (row: Running) =>
    row.status === 'RUNNING' && (
      <Button size="small" onClick={() => setEnding(row)}>
        {say('terminate')}
      </Button>
    )
  const columns: Column<Running>[] = [
    { key: 'title', title: say('matter'), kind: 'name', cell: (row) => <Link to={matterAddress(row) as string}>{row.title}</Link> },
    { key: 'process', title: say('process'), cell: (row) => say('ofVersion', { name: stepWord(row.processName, lang), n: row.version }) },
    { key: 'at', title: say('stuck'), cell: (row) => row.at.map((name) => stepWord(name, lang)).join(lang === 'en-US' ? ', ' : '、') },
    {
      key: 'state',
      title: say('status'),
      cell: (row) => (
        <Status state={row.incidents > 0 ? 'breach' : row.overdue > 0 ? 'risk' : row.status === 'RUNNING' ? 'running' : 'none'}>
          {row.incidents > 0 ? say('incident') : row.overdue > 0 ? say('overdue') : say(row.status)}
        </Status>
      ),
    },
    { key: 'moved', title: say('moved'), cell: (row) => listTime(row.movedAt, lang) },
    {
      key: 'act',
      title: '',
      cell: endOf,
    },
  ]
  return (
    <div className="page">
      <PageTitle title={say('operations')} sentence={say('operationsNote')} />
      <div className="stack">
        <Sheet flush title={say('incidents')}>
          <Loaded query={incidents} rows={2}>
            {({ items }) =>
              items.length === 0 ? (
                <p className="sheet-line">
                  <Status state="kept">{say('noIncidents')}</Status>
                </p>
              ) : (
                <ul className="list">
                  {items.map((item) => (
                    <li key={item.id} className="row wrap apart">
                      <div className="grow">
                        <Link to={matterAddress(item) as string}>{item.title}</Link>
                        <div className="second">
                          {stepWord(item.processName, lang)} · {stepWord(item.nodeName, lang)} {item.topic && <code>{item.topic}</code>}
                        </div>
                        <div className="breach">
                          <StatusGlyph state="breach" /> {item.error}
                        </div>
                        <div className="note">
                          {say('attempts', { n: item.attempts })} · {listTime(item.since, lang)}
                        </div>
                      </div>
                      <Button kind="primary" onClick={() => setRetrying(item)}>
                        {say('retry')}
                      </Button>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
        <DataTable
          name="operations"
          what={say('process')}
          ask={(input: ListInput) => ask('process.operations', input as never)}
          columns={columns}
          rowKey={(row) => row.id}
          views={[
            { key: 'all', label: say('all'), filters: { status: 'RUNNING' } },
            { key: 'incident', label: say('incident'), filters: { stuck: 'incident' } },
            { key: 'overdue', label: say('overdue'), filters: { stuck: 'overdue' } },
            { key: 'idle', label: say('idle'), filters: { stuck: 'idle' } },
          ]}
          filters={[
            {
              key: 'stuck',
              label: say('stuck'),
              options: [
                ['incident', say('incident')],
                ['overdue', say('overdue')],
                ['idle', say('idle')],
              ],
            },
          ]}
          searchHint={say('search')}
          firstUse={{ title: say('none') }}
          phone={(row) => ({
            title: row.title,
            below: row.at.map((name) => stepWord(name, lang)).join(' '),
            belowRight: listTime(row.movedAt, lang),
            acts: endOf(row),
          })}
        />
      </div>
      {retrying && (
        <DecisionDialog
          title={`${say('retry')} · ${retrying.title}`}
          verb={say('retry')}
          reason={{ label: say('retryReason'), help: say('retryHelp') }}
          act={async (comment) => {
            await call('process.retry', { incidentId: retrying.id, comment })
            await client.invalidateQueries()
          }}
          onClose={() => setRetrying(null)}
        />
      )}
      {ending && (
        <DecisionDialog
          title={`${say('terminate')} · ${ending.title}`}
          verb={say('terminate')}
          danger
          reason={{ label: say('terminateReason'), help: say('terminateHelp') }}
          act={async (reason) => {
            await call('process.terminate', { instanceId: ending.id, reason })
            await client.invalidateQueries()
          }}
          onClose={() => setEnding(null)}
        />
      )}
    </div>
  )
}
