import type { WorkOrder } from '@changbai/contract/provisioning.ts'
import { useEffect, useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ProblemAlert, Sheet, useAct } from '../../shared/ui/index.ts'
import { orderText } from './orderText.ts'

interface Secret {
  label: string
  address: string | null
  user: string
  password: string
  note: string
}

/** Who has the accounts, and the one look at them for the entitled person. They live in this page only, until it is left. */
export function Credentials({ order }: { order: WorkOrder }) {
  const say = useText(orderText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [secrets, setSecrets] = useState<Secret[] | null>(null)
  // shown once: the browser asks before the page with them is left
  useEffect(() => {
    if (!secrets) return
    const hold = (event: BeforeUnloadEvent) => {
      event.preventDefault()
      event.returnValue = ''
    }
    window.addEventListener('beforeunload', hold)
    return () => window.removeEventListener('beforeunload', hold)
  }, [secrets])
  if (order.credentials.length === 0) return null
  const ready = order.credentials.some((one) => one.state === 'READY' || one.state === 'EXPIRED')
  const collect = async (): Promise<void> => {
    const reply = await act.run(async () => {
      const { token } = await call('provisioning.newCredentialLink', { workOrderId: order.id })
      return call('provisioning.collectCredentials', { token })
    })
    if (reply) setSecrets(reply.items)
  }
  return (
    <Sheet title={say('credentials')}>
      {secrets ? (
        <>
          <div className="notice risk">{say('collectNote')}</div>
          <div className="grid-scroll">
            <table className="grid">
              <thead>
                <tr>
                  <th>{say('resultName')}</th>
                  <th>{say('address')}</th>
                  <th>{say('user')}</th>
                  <th>{say('password')}</th>
                  <th>{say('note')}</th>
                </tr>
              </thead>
              <tbody>
                {secrets.map((one) => (
                  <tr key={one.label}>
                    <td>{one.label}</td>
                    <td>
                      <code>{one.address ?? '—'}</code>
                    </td>
                    <td>
                      <code>{one.user}</code>
                    </td>
                    <td>
                      <code>{one.password}</code>
                    </td>
                    <td>{one.note}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <CopyAll secrets={secrets} />
        </>
      ) : (
        <ul className="plain-list">
          {order.credentials.map((one) => (
            <li key={one.id}>
              {one.label} ·{' '}
              {one.collectedAt && one.collectedBy
                ? say('collectedBy', { name: one.collectedBy.name, at: listTime(one.collectedAt, lang) })
                : one.linkEndsAt
                  ? say('linkUntil', { at: listTime(one.linkEndsAt, lang) })
                  : say('waiting')}
            </li>
          ))}
        </ul>
      )}
      {act.error !== null && <ProblemAlert error={act.error} />}
      {!secrets && ready && may('credential.view:X') && (
        <Button kind="primary" busy={act.busy} onClick={() => void collect()}>
          {say('collect')}
        </Button>
      )}
    </Sheet>
  )
}

/** All of them as lines of text, for the bureau's password store. */
function CopyAll({ secrets }: { secrets: readonly Secret[] }) {
  const say = useText(orderText)
  const [copied, setCopied] = useState(false)
  const lines = secrets.map((one) => [one.label, one.address ?? '', one.user, one.password].join('\t')).join('\n')
  if (!navigator.clipboard) return null
  return (
    <p className="row">
      <Button size="small" onClick={() => void navigator.clipboard.writeText(lines).then(() => setCopied(true))}>
        {say('copyAll')}
      </Button>
      {copied && (
        <span className="note" role="status">
          {say('copied')}
        </span>
      )}
    </p>
  )
}
