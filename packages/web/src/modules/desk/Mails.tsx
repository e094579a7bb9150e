import type { DeskMail } from '@changbai/contract/desk-intake.ts'
import type { Criterion } from '@changbai/contract/incident.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Check,
  type Column,
  DataTable,
  DecisionDialog,
  Dialog,
  type ListInput,
  LongField,
  ProblemAlert,
  SelectField,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Criteria } from '../incident/index.ts'
import { Suggestions } from '../knowledge/index.ts'
import { deskText } from './deskText.ts'

const mailState: Record<DeskMail['state'], State> = { WAITING: 'risk', LINKED: 'kept', ANSWERED: 'kept', SET_ASIDE: 'none' }

/** Letters to the desk: each becomes an incident, a request or an answer; nothing is lost and nothing comes twice. */
export function Mails() {
  const say = useText(deskText)
  const lang = useLanguage()
  const [shown, setShown] = useState<DeskMail | null>(null)
  const columns: Column<DeskMail>[] = [
    { key: 'received', title: say('received'), cell: (row) => listTime(row.receivedAt, lang) },
    {
      key: 'subject',
      title: say('subject'),
      kind: 'name',
      cell: (row) => (
        <Button kind="link" onClick={() => setShown(row)}>
          {row.subject}
        </Button>
      ),
    },
    { key: 'from', title: say('from'), cell: (row) => `${row.fromName}${row.tenantName ? ` · ${row.tenantName}` : ''}` },
    { key: 'kind', title: say('type'), cell: (row) => say(row.kind) },
    { key: 'state', title: say('mailState'), cell: (row) => <Status state={mailState[row.state]}>{say(`MAIL_${row.state}`)}</Status> },
    { key: 'linked', title: say('linked'), cell: (row) => <Linked mail={row} /> },
    { key: 'by', title: say('agent'), extra: true, cell: (row) => row.decidedBy ?? '—' },
  ]
  return (
    <>
      <DataTable
        name="mails"
        what={say('mails')}
        ask={(input: ListInput) => ask('intake.mails', input as never)}
        about={['desk-mail']}
        columns={columns}
        rowKey={(row) => row.id}
        open={setShown}
        views={[
          { key: 'waiting', label: say('MAIL_WAITING'), filters: { state: 'WAITING' } },
          { key: 'all', label: say('allMails'), filters: {} },
        ]}
        searchHint={say('mailSearch')}
        firstUse={{ title: say('noMails'), help: say('noMailsHelp') }}
        phone={(row) => ({
          title: row.subject,
          right: say(`MAIL_${row.state}`),
          below: row.fromName,
          belowRight: listTime(row.receivedAt, lang),
        })}
      />
      {shown && <MailDialog mail={shown} onClose={() => setShown(null)} />}
    </>
  )
}

const Linked = ({ mail }: { mail: DeskMail }) =>
  mail.linkedNo ? (
    <Link to={(mail.incidentId ? `/duty/incidents/${mail.incidentId}` : `/work/services/${mail.serviceRequestId}`) as string}>
      {mail.linkedNo}
    </Link>
  ) : (
    '—'
  )

type Asking = 'INCIDENT' | 'REQUEST' | 'ANSWER' | 'ASIDE' | null
function MailDialog({ mail, onClose }: { mail: DeskMail; onClose: () => void }) {
  const say = useText(deskText)
  const lang = useLanguage()
  const may = useMay()
  const [asking, setAsking] = useState<Asking>(null)
  const { error, run } = useAct()
  if (asking) return <SettleDialog mail={mail} asking={asking} onBack={() => setAsking(null)} onDone={onClose} />
  return (
    <Dialog
      title={mail.subject}
      wide
      onClose={onClose}
      foot={
        mail.state === 'WAITING' &&
        may('hotline.record:C') && (
          <>
            <Button onClick={() => setAsking('ASIDE')}>{say('setAside')}</Button>
            <Button onClick={() => setAsking('ANSWER')}>{say('answer')}</Button>
            <Button onClick={() => setAsking('REQUEST')}>{say('toRequest')}</Button>
            <Button kind="primary" onClick={() => setAsking('INCIDENT')}>
              {say('toIncident')}
            </Button>
          </>
        )
      }
    >
      <p className="second">
        {mail.fromName} &lt;{mail.fromAddress}&gt; · {listTime(mail.receivedAt, lang)}
        {mail.tenantName && ` · ${mail.tenantName}`}
        {mail.earlier > 0 && ` · ${say('earlier', { count: mail.earlier })}`} · {say(mail.kind)}
      </p>
      <p className="second">{say('senderUnproven')}</p>
      <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{mail.body}</div>
      {(mail.files.length > 0 || mail.refused.length > 0) && (
        <ul className="plain-list">
          {mail.files.map((file) => (
            <li key={file.id}>
              <Button kind="link" onClick={() => void run(() => download('file.download', { fileId: file.id }))}>
                {file.name}
              </Button>
            </li>
          ))}
          {mail.refused.map((name) => (
            <li key={name} className="second">
              {name} · {say('refusedFile')}
            </li>
          ))}
        </ul>
      )}
      {mail.answer && (
        <p>
          {mail.decidedBy}：{mail.answer}
        </p>
      )}
      <ProblemAlert error={error} />
      {mail.state === 'WAITING' && <Suggestions text={`${mail.subject} ${mail.body}`} />}
    </Dialog>
  )
}

function SettleDialog({
  mail,
  asking,
  onBack,
  onDone,
}: {
  mail: DeskMail
  asking: Exclude<Asking, null>
  onBack: () => void
  onDone: () => void
}) {
  const say = useText(deskText)
  const { runOrThrow } = useAct()
  const catalogue = useQuery({ ...ask('serviceRequest.catalogue', {}), enabled: asking === 'REQUEST' })
  const [title, setTitle] = useState(mail.subject)
  const [criteria, setCriteria] = useState<Criterion[]>([])
  const [code, setCode] = useState('CONSULT')
  const [text, setText] = useState('')
  const [byMail, setByMail] = useState(mail.kind === 'LETTER')
  const mailId = mail.id
  const words = { INCIDENT: say('toIncident'), REQUEST: say('toRequest'), ANSWER: say('answer'), ASIDE: say('setAside') }
  const ready = { INCIDENT: criteria.length > 0 && title.length > 1, REQUEST: code !== '', ANSWER: text !== '', ASIDE: text !== '' }
  const send = async () => {
    await runOrThrow(async () => {
      if (asking === 'INCIDENT') await call('intake.mailToIncident', { mailId, title, criteria })
      else if (asking === 'REQUEST') await call('intake.mailToRequest', { mailId, code })
      else if (asking === 'ANSWER') await call('intake.answerMail', { mailId, text, byMail })
      else await call('intake.setMailAside', { mailId, reason: text })
    })
    onDone()
  }
  return (
    <DecisionDialog title={words[asking]} verb={words[asking]} ready={ready[asking]} act={send} onClose={onBack}>
      {asking === 'INCIDENT' && (
        <>
          <TextField label={say('subject')} value={title} onChange={setTitle} maxLength={120} />
          <Criteria value={criteria} onChange={setCriteria} />
        </>
      )}
      {asking === 'REQUEST' && (
        <SelectField
          label={say('serviceItem')}
          value={code}
          onChange={setCode}
          options={(catalogue.data?.items ?? []).map((one) => [one.code, pick(one)] as const)}
        />
      )}
      {asking === 'ANSWER' && (
        <>
          <LongField label={say('answer')} value={text} onChange={setText} maxLength={1800} rows={8} />
          <Check checked={byMail} onChange={setByMail}>
            {say('byMail', { to: mail.fromAddress })}
          </Check>
        </>
      )}
      {asking === 'ASIDE' && <LongField label={say('reason')} value={text} onChange={setText} maxLength={500} />}
    </DecisionDialog>
  )
}
