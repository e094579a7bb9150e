import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { ask } from '../call.ts'
import { roleName } from '../roles.ts'
import { useLanguage, useText } from '../text.ts'
import { Field } from './Field.tsx'
import type { DayPickerProps, MinutePickerProps } from './pickers.tsx'
import { uiText } from './uiText.ts'

const DayPicker = lazy(() => import('./pickers.tsx').then((face) => ({ default: face.DayPicker })))
const MinutePicker = lazy(() => import('./pickers.tsx').then((face) => ({ default: face.MinutePicker })))
const ChoicePicker = lazy(() => import('./pickers.tsx').then((face) => ({ default: face.ChoicePicker })))

interface Around {
  label: ReactNode
  help?: ReactNode
  error?: string | undefined
  optional?: boolean
}
const QrDrawing = lazy(() => import('./pickers.tsx').then((face) => ({ default: face.QrDrawing })))
const waiting = <div className="box" aria-busy="true" />

export const QrPicture = ({ text }: { text: string }) => (
  <Suspense fallback={<div style={{ height: 176 }} aria-busy="true" />}>
    <QrDrawing text={text} />
  </Suspense>
)

export const DayField = ({ label, help, error, optional, ...rest }: Around & Omit<DayPickerProps, 'id'>) => (
  <Field {...{ label, help, error, optional: optional ?? false }}>
    {({ id }) => <Suspense fallback={waiting}>{<DayPicker id={id} {...rest} />}</Suspense>}
  </Field>
)
export const MinuteField = ({ label, help, error, optional, ...rest }: Around & Omit<MinutePickerProps, 'id'>) => (
  <Field {...{ label, help, error, optional: optional ?? false }}>
    {({ id }) => <Suspense fallback={waiting}>{<MinutePicker id={id} {...rest} />}</Suspense>}
  </Field>
)

/** A person by name, from the directory the reader may see. */
export function PersonField({
  label,
  help,
  error,
  optional,
  value,
  onChange,
  role,
}: Around & { value: string; onChange: (personId: string, name: string) => void; role?: string }) {
  const t = useText(uiText)
  const lang = useLanguage()
  const [typed, setTyped] = useState('')
  const query = useQuery(ask('identity.directory', { q: typed, ...(role && { role: role as never }) }))
  const options = (query.data?.items ?? []).map((person) => ({
    value: person.personId,
    label: person.name,
    note: person.unit ?? person.roles.map((one) => roleName(one, lang)).join(' '),
  }))
  return (
    <Field {...{ label, help, error, optional: optional ?? false }}>
      {({ id }) => (
        <Suspense fallback={waiting}>
          <ChoicePicker
            id={id}
            value={value}
            onChange={(personId) => onChange(personId, options.find((one) => one.value === personId)?.label ?? '')}
            options={options}
            onSearch={setTyped}
            placeholder={t('pickPerson')}
            empty={t('noPerson')}
          />
        </Suspense>
      )}
    </Field>
  )
}

/** A bureau of the reader's scope. */
export function TenantField({
  label,
  help,
  error,
  optional,
  value,
  onChange,
}: Around & { value: string; onChange: (tenantId: string) => void }) {
  const t = useText(uiText)
  const query = useQuery(ask('identity.tenants', {}))
  const options = (query.data?.items ?? []).map((tenant) => ({ value: tenant.id, label: tenant.name, note: tenant.code }))
  return (
    <Field {...{ label, help, error, optional: optional ?? false }}>
      {({ id }) => (
        <Suspense fallback={waiting}>
          <ChoicePicker id={id} value={value} onChange={onChange} options={options} placeholder={t('choose')} />
        </Suspense>
      )}
    </Field>
  )
}
