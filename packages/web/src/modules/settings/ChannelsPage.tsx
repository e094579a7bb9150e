import type { Channel } from '@changbai/contract/notification.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  PageTitle,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { ChannelForm } from './ChannelForm.tsx'
import { settingsText } from './settingsText.ts'
import { TestOutcome } from './TestOutcome.tsx'

type ChannelRow = z.output<typeof Channel>
type Verb = 'approve' | 'reject' | 'retire' | 'test'
export const proposalStates: Record<ChannelRow['state'], State> = { PROPOSED: 'todo', ACTIVE: 'kept', REJECTED: 'none', RETIRED: 'none' }

export function ChannelsPage() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()
  const refresh = useAct()
  const query = useQuery(ask('notification.channels', {}))
  const [adding, setAdding] = useState(false)
  const [doing, setDoing] = useState<{ verb: Verb; row: ChannelRow } | null>(null)
  const [to, setTo] = useState('')
  const [tested, setTested] = useState<string | null>(null)
  const decides = may('settings.smtp:A', 'settings.sms:A', 'settings.webhook:A')
  const proposes = may('settings.smtp:C', 'settings.sms:C', 'settings.webhook:C')
  const run = async (comment: string) => {
    if (!doing) return
    const channelId = doing.row.id
    if (doing.verb === 'test') {
      const { deliveryId } = await call('notification.testChannel', { channelId, to })
      setTested(deliveryId)
    } else if (doing.verb === 'retire') await call('notification.retireChannel', { channelId })
    else await call('notification.decideChannel', { channelId, approve: doing.verb === 'approve', comment })
    await refresh.run(async () => {})
  }
  const verbsOf = (row: ChannelRow): Verb[] =>
    row.state === 'PROPOSED'
      ? decides && row.proposedBy.id !== me?.person.id
        ? ['approve', 'reject']
        : []
      : row.state === 'ACTIVE'
        ? [...(proposes ? (['test'] as const) : []), ...(decides ? (['retire'] as const) : [])]
        : []
  return (
    <div className="page">
      <PageTitle
        title={t('channels')}
        sentence={t('channelsSentence')}
        acts={
          proposes && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setAdding(true)}>
              {t('addChannel')}
            </Button>
          )
        }
      />
      {tested && <TestOutcome key={tested} deliveryId={tested} to={to} />}
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('channelsNone')} />
            ) : (
              <ul className="list">
                {items.map((row) => (
                  <li key={row.id} className="row wrap apart">
                    <div className="grow">
                      <b>{row.name}</b>　{t(row.settings.channel)}
                      <div className="second mono">
                        {row.settings.channel === 'EMAIL' ? `${row.settings.host}:${row.settings.port}` : row.settings.url}
                      </div>
                      {row.receiptPath && (
                        <div className="note mono">{t('receiptAddress', { path: `${location.origin}${row.receiptPath}` })}</div>
                      )}
                      <div className="note">
                        {t('proposed', { by: row.proposedBy.name, at: listTime(row.proposedAt, lang) })}
                        {row.decidedBy &&
                          row.decidedAt &&
                          ` · ${t('decided', { by: row.decidedBy.name, at: listTime(row.decidedAt, lang) })}`}
                        {row.comment && `　${row.comment}`}
                      </div>
                    </div>
                    <Status state={proposalStates[row.state]}>{t(row.state)}</Status>
                    {verbsOf(row).map((verb) => (
                      <Button key={verb} size="small" onClick={() => setDoing({ verb, row })}>
                        {t(verb)}
                      </Button>
                    ))}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
      {adding && <ChannelForm onClose={() => setAdding(false)} />}
      {doing && (
        <DecisionDialog
          title={`${t(doing.verb)}：${doing.row.name}`}
          verb={t(doing.verb)}
          danger={doing.verb === 'reject' || doing.verb === 'retire'}
          {...((doing.verb === 'approve' || doing.verb === 'reject') && {
            reason: { label: t('comment'), optional: doing.verb === 'approve' },
          })}
          act={run}
          onClose={() => setDoing(null)}
        >
          {doing.verb === 'test' && <TextField label={t('testTo')} help={t('testHelp')} value={to} onChange={setTo} />}
        </DecisionDialog>
      )}
    </div>
  )
}
