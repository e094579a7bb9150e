import './change.css'
import type { ChangeDetail } from '@changbai/contract/change.shapes.ts'
import { stepNameEn } from '@changbai/contract/step-names.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ask, download } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, recordTime, span } from '../../shared/time.ts'
import { Button, ClauseChip, Facts, Loaded, PageTitle, Sheet, Status, Timeline, useAct } from '../../shared/ui/index.ts'
import { ActiveTasks, InstancePanel, outcomeWord } from '../process/index.ts'
import { ChangeEditor } from './ChangeEditor.tsx'
import { changeText } from './changeText.ts'
import { extraFor } from './extras.tsx'
import { attrKey, isOpen, STATES } from './words.ts'

export function ChangePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    ...ask('change.get', { changeId: id }),
    refetchInterval: (q) => (q.state.data?.status === 'FULFILLING' || q.state.data?.status === 'APPROVED' ? 3_000 : false),
  })
  return (
    <div className="page">
      <Loaded query={query}>{(change) => <View change={change} />}</Loaded>
    </div>
  )
}

function View({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const act = useAct()
  const editing = isOpen(change) && change.may.includes('EDIT')
  return (
    <>
      <PageTitle
        title={change.title || change.number}
        mark={
          <Status state={change.outcome === 'ROLLED_BACK' ? 'risk' : STATES[change.status]}>
            {change.status === 'CLOSED' && change.outcome ? say(change.outcome) : say(change.status)}
          </Status>
        }
        sentence={
          <>
            <code>{change.number}</code> · {say(change.category)}
            {change.standard && ` · ${change.standard.name}`}
            {change.applicationName && ` · ${change.applicationName}`}
          </>
        }
        acts={
          <Button busy={act.busy} onClick={() => void act.run(() => download('change.print', { changeId: change.id }))}>
            {say('print')}
          </Button>
        }
      />
      <div className="split">
        <div className="stack">
          {editing ? (
            <ChangeEditor key={change.rev} change={change} />
          ) : (
            change.instanceId && <ActiveTasks instanceId={change.instanceId} extraOf={(formKey) => extraFor(formKey, change)} />
          )}
          {!editing && <Items change={change} />}
          {!editing && <Plan change={change} />}
          <Operations change={change} />
          {change.instanceId && <InstancePanel instanceId={change.instanceId} />}
        </div>
        <div className="stack">
          <About change={change} />
          <Affected change={change} />
          <Conflicts change={change} />
          <Conclusions change={change} />
        </div>
      </div>
    </>
  )
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

function Items({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  return (
    <Sheet title={say('items')} flush acts={<ClauseChip id="4.4" />}>
      <div className="grid-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th>{say('thing')}</th>
              <th>{say('attr')}</th>
              <th>{say('from')}</th>
              <th>{say('to')}</th>
              <th>{say('way')}</th>
              <th>{say('version')}</th>
            </tr>
          </thead>
          <tbody>
            {change.items.map((item) => (
              <tr key={`${item.ciId}/${item.attr}`}>
                <td>{item.ciName}</td>
                <td>{say(attrKey(item.attr))}</td>
                <td>{short(item.from) || '—'}</td>
                <td>{short(item.to) || say('done')}</td>
                <td>{say(item.way)}</td>
                <td className="mono">{item.toRev === null ? '—' : `${item.fromRev} → ${item.toRev}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  )
}

function Plan({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const { form } = change
  return (
    <Sheet title={say('plan')}>
      <Facts
        items={[
          [say('reason'), `${say(form.reason)} ${form.reasonText}`],
          form.forecastRef ? [say('forecastRef'), form.forecastRef] : null,
          [say('risk'), say(form.risk)],
          [say('rollbackPlan'), form.rollbackPlan],
          [say('verifyPlan'), form.verifyPlan],
        ]}
      />
      {form.steps.length > 0 && (
        <ol className="change-steps">
          {form.steps.map((step) => (
            <li key={`${step.action}/${step.owner}`}>
              {step.action} <span className="second">{`${step.owner} ${step.minutes} min`}</span>
            </li>
          ))}
        </ol>
      )}
    </Sheet>
  )
}

const WORK_STATE = { INTENDED: 'todo', ASKED: 'running', UNKNOWN: 'running', WORKING: 'running', DONE: 'kept', FAILED: 'breach' } as const
function Operations({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const lang = useLanguage()
  if (change.operations.length === 0) return null
  return (
    <Sheet title={say('operations')} flush>
      <ul className="list">
        {change.operations.map((one) => (
          <li key={`${one.phase}/${one.ciName}/${one.action}`} className="row wrap apart">
            <span className="nowrap">{say(one.phase)}</span>
            <span>
              {one.ciName} <code>{one.action}</code>
            </span>
            <span className="grow second">
              {one.state === 'FAILED' ? one.error : one.result} {one.settledAt && listTime(one.settledAt, lang)}
            </span>
            <Status state={WORK_STATE[one.state]}>{say(one.state)}</Status>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function About({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const lang = useLanguage()
  const at = (instant: string | null) => (instant ? listTime(instant, lang) : null)
  return (
    <Sheet title={say('facts')}>
      <Facts
        items={[
          [say('applicant'), change.applicantName],
          [
            say('window'),
            change.windowFrom && change.windowTo ? `${listTime(change.windowFrom, lang)} – ${listTime(change.windowTo, lang)}` : null,
          ],
          [say('downtime'), change.downtime ? '✓' : '—'],
          change.incident
            ? [
                say('incidentOf'),
                <Link key="incident" to={`/duty/incidents/${change.incident.id}` as string}>
                  {change.incident.number}
                </Link>,
              ]
            : null,
          change.drift
            ? [
                say('driftOf'),
                <Link key="drift" to={`/cloud/drift?q=${encodeURIComponent(change.drift.name)}` as string}>
                  {change.drift.name}
                </Link>,
              ]
            : null,
          change.backupRef ? [say('backup'), <code key="backup">{short(change.backupRef)}</code>] : null,
          change.actualFrom ? [say('actualFrom'), at(change.actualFrom)] : null,
          change.actualTo ? [say('actualTo'), at(change.actualTo)] : null,
          change.retroDueAt && !change.retroDoneAt ? [say('retroDue'), at(change.retroDueAt)] : null,
        ]}
      />
      {change.violation && <Status state="breach">{say('violation')}</Status>}
      {change.majorReasons.length > 0 && (
        <p className="second">
          {say('major')}：{change.majorReasons.map((one) => pick(one)).join('；')}
        </p>
      )}
      <Window change={change} />
    </Sheet>
  )
}

function Window({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const lang = useLanguage()
  const window = change.plannedDowntime
  if (!window) return null
  return (
    <div className="stack tight">
      <p>
        <Link to={'/proof/downtimes' as string}>{say('plannedDowntime')}</Link>{' '}
        <Status state={window.recognised === null ? 'risk' : window.recognised ? 'kept' : 'breach'}>
          {window.recognised === null
            ? say('waiting')
            : window.recognised
              ? say('recognised', { by: window.decidedBy ?? '' })
              : say('refused')}
        </Status>
      </p>
      {window.noticeSentAt && <p className="second">{say('noticed', { at: listTime(window.noticeSentAt, lang) })}</p>}
      {window.actualFrom && window.actualTo && (
        <p className="second">{say('actual', { from: listTime(window.actualFrom, lang), to: listTime(window.actualTo, lang) })}</p>
      )}
      {window.overrunMs > 0 && <Status state="breach">{say('overrun', { span: span(window.overrunMs) })}</Status>}
    </div>
  )
}

function Affected({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  return (
    <Sheet title={say('affected')}>
      {change.affected.length === 0 && change.hidden === 0 && <p className="second">{say('noneAffected')}</p>}
      <ul className="plain-list">
        {change.affected.map((one) => (
          <li key={one.id}>
            <Link to={`/cloud/applications/${one.id}` as string}>{one.name}</Link>{' '}
            {one.derived && <span className="second">{say('derived')}</span>}
          </li>
        ))}
        {change.hidden > 0 && <li className="second">{say('hidden', { n: change.hidden })}</li>}
      </ul>
    </Sheet>
  )
}

function Conflicts({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const lang = useLanguage()
  if (!change.windowFrom || change.status === 'CLOSED') return null
  return (
    <Sheet title={say('conflicts')} acts={<Link to={'/work/changes/calendar' as string}>{say('calendar')}</Link>}>
      {change.conflicts.length === 0 && <p className="second">{say('noConflicts')}</p>}
      <ul className="plain-list">
        {change.conflicts.map((one) => (
          <li key={one.id}>
            <Status state={one.blocks ? 'breach' : 'risk'} quiet>
              {one.kind === 'CHANGE' ? <Link to={`/work/changes/${one.id}` as string}>{one.name}</Link> : `${say('freeze')} ${one.name}`}{' '}
              <span className="second">
                {one.what} {listTime(one.from, lang)} – {listTime(one.to, lang)} {say(one.blocks ? 'blocks' : 'warns')}
              </span>
            </Status>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

const NAMES: Readonly<Record<string, string>> = {
  acceptChange: '受理',
  assessImpact: '影响与风险评估',
  assessCapacity: '容量评估',
  approveNormal: '常规变更审批',
  reviewMeeting: '变更评审会',
  approveMajor: '重大变更审批',
  approveEmergency: '紧急变更批准',
  rearrange: '改期或撤销',
  beginChange: '查冻结与冲突',
  resolveBlock: '处理冲突',
  backup: '备份与导出旧策略',
  backupByHand: '人工备份',
  implementChange: '实施',
  handleFailure: '处置',
  implementByHand: '人工实施',
  verifyChange: '业务验证',
  confirmChange: '确认生效',
  rollbackChange: '回退',
  rollbackByHand: '人工回退',
  reviewFailure: '失败分析',
  closeChange: '关闭变更',
  fillPapers: '补单',
}
function Conclusions({ change }: { change: ChangeDetail }) {
  const say = useText(changeText)
  const lang = useLanguage()
  if (change.conclusions.length === 0) return null
  const stepOf = (node: string) => {
    const name = NAMES[node] ?? node
    return lang === 'en-US' ? stepNameEn(name) : name
  }
  const wrong = new Set(['FAILED', 'BLOCKED', 'REJECT', 'FAIL', 'OPPOSE'])
  return (
    <Sheet title={say('conclusions')}>
      <Timeline
        entries={[...change.conclusions].reverse().map((one, index) => ({
          key: `${index}`,
          at: one.at,
          state: wrong.has(one.result) ? 'breach' : one.result === 'RETURN' ? 'risk' : 'kept',
          system: one.result === 'FAILED' || one.result === 'BLOCKED',
          title: `${stepOf(one.node)} ${one.result === 'FAILED' ? say('FAILED') : outcomeWord(one.result, lang)}`,
          note: [
            one.byName,
            one.comment,
            ...Object.entries(one.facts).map(([name, value]) => (name === 'risk' ? `${say('risk')}${say(value as 'L')}` : value)),
          ]
            .filter((part) => typeof part === 'string' && part !== '')
            .join(' · '),
        }))}
      />
      <p className="second">{change.submittedAt && recordTime(change.submittedAt)}</p>
    </Sheet>
  )
}
