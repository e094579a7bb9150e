import type { CatalogueField, CatalogueItem } from '@changbai/contract/service-request.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import {
  Button,
  DayField,
  EmptyState,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Suggestions } from '../knowledge/index.ts'
import { serviceText } from './serviceText.ts'
import { limitWord } from './states.ts'

export function OrderServicePage() {
  const say = useText(serviceText)
  const { code } = useParams({ strict: false }) as { code: string }
  const query = useQuery(ask('serviceRequest.catalogue', {}))
  return (
    <div className="page">
      <Loaded query={query}>
        {({ items }) => {
          const item = items.find((one) => one.code === code)
          return item ? <OrderForm item={item} /> : <EmptyState title={say('catalogue')} />
        }}
      </Loaded>
    </div>
  )
}

function OrderForm({ item }: { item: CatalogueItem }) {
  const say = useText(serviceText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const { busy, error, run } = useAct()
  const [title, setTitle] = useState('')
  const [contact, setContact] = useState('')
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const set = (key: string) => (value: string) => setAnswers((held) => ({ ...held, [key]: value }))
  const send = () =>
    run(async () => {
      const filled = item.fields.flatMap(({ key, kind }) => {
        const value = answers[key] ?? ''
        return value === '' ? [] : [[key, kind === 'NUMBER' ? Number(value) : value] as const]
      })
      const input = { code: item.code, title: title || pick(item, lang), answers: Object.fromEntries(filled), contact }
      const made = await call('serviceRequest.submit', input)
      await navigate({ to: `/work/services/${made.id}` as string })
    })
  return (
    <>
      <PageTitle
        title={pick(item, lang)}
        sentence={
          <>
            {pick(item.help, lang)} ·{' '}
            {say('limitNote', {
              limit: limitWord(item.limit, lang),
              roles: item.roles.map((role) => roleName(role, lang)).join(lang === 'en-US' ? ', ' : '、'),
            })}
          </>
        }
      />
      <div className="split">
        <Sheet>
          <div className="stack tight">
            <TextField label={say('title')} help={say('titleHelp')} value={title} onChange={setTitle} maxLength={120} />
            {item.fields.map((field) => (
              <AnswerField key={field.key} field={field} value={answers[field.key] ?? ''} onChange={set(field.key)} />
            ))}
            <TextField label={say('contact')} optional value={contact} onChange={setContact} maxLength={100} />
            <ProblemAlert error={error} />
            <p>
              <Button kind="primary" busy={busy} onClick={() => void send()}>
                {say('send')}
              </Button>
            </p>
          </div>
        </Sheet>
        <Suggestions text={[title, ...Object.values(answers)].join(' ')} />
      </div>
    </>
  )
}

function AnswerField({ field, value, onChange }: { field: CatalogueField; value: string; onChange: (value: string) => void }) {
  const lang = useLanguage()
  const around = { label: pick(field, lang), optional: !field.required, value, onChange }
  switch (field.kind) {
    case 'LONG':
      return <LongField {...around} maxLength={4000} />
    case 'DAY':
      return <DayField {...around} />
    case 'CHOICE':
      return <SelectField {...around} options={(field.options ?? []).map((one) => [one, one] as const)} />
    default:
      return <TextField {...around} inputMode={field.kind === 'NUMBER' ? 'decimal' : 'text'} maxLength={400} />
  }
}
