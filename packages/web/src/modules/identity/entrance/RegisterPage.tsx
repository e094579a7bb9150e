import { useId, useRef, useState } from 'react'
import { call } from '../../../shared/call.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { useText } from '../../../shared/text.ts'
import { Button, ButtonLink, EmptyState, Field, FormSection, ProblemAlert, TextField } from '../../../shared/ui/index.ts'
import { Entrance } from './Entrance.tsx'
import { registerText } from './registerText.ts'

const LETTER_BYTES_MAX = 5 * 1024 * 1024
const LETTER_TYPES = '.pdf,.ofd,.png,.jpg,.jpeg'
const seats = ['pm', 'tl'] as const
const nobody = { name: '', phone: '', email: '' }
type Seat = typeof nobody

const toBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })

function LetterField({ file, onChange, error }: { file: File | null; onChange: (file: File) => void; error?: string | undefined }) {
  const t = useText(registerText)
  const picker = useRef<HTMLInputElement>(null)
  const id = useId()
  const [refusal, setRefusal] = useState('')
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    const extension = `.${chosen.name.toLowerCase().split('.').at(-1)}`
    if (!LETTER_TYPES.split(',').includes(extension)) return setRefusal(t('wrongType'))
    if (chosen.size > LETTER_BYTES_MAX) return setRefusal(t('tooLarge', { name: chosen.name }))
    setRefusal('')
    onChange(chosen)
  }
  return (
    <Field label={t('letter')} help={t('letterHelp')} error={refusal || error} full>
      {(ids) => (
        <div className="row wrap">
          <input
            ref={picker}
            id={id}
            type="file"
            className="sr-only"
            tabIndex={-1}
            aria-hidden="true"
            accept={LETTER_TYPES}
            onChange={(event) => choose(event.target.files?.[0])}
          />
          <Button {...ids} onClick={() => picker.current?.click()}>
            {file ? t('another') : t('choose')}
          </Button>
          {file && <span className="break">{file.name}</span>}
        </div>
      )}
    </Field>
  )
}

/** Ruling 6: a bureau registers itself. The answer is a number, whatever is there already. */
export function RegisterPage() {
  const t = useText(registerText)
  const [unit, setUnit] = useState({ name: '', creditCode: '' })
  const [people, setPeople] = useState({ pm: nobody, tl: nobody })
  const [letter, setLetter] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [number, setNumber] = useState('')
  const said = (path: string): string | undefined =>
    error instanceof ProblemError ? error.errors.find((one) => one.path === path)?.message : undefined
  const texts = [unit.name, unit.creditCode, ...seats.flatMap((seat) => Object.values(people[seat]))]
  const gaps = texts.filter((text) => text.trim() === '').length + (letter ? 0 : 1)
  const need = (value: string, field: string) => (tried && value.trim() === '' ? t('needed', { field }) : undefined)

  const submit = async () => {
    setTried(true)
    if (gaps > 0 || !letter) {
      document.querySelector<HTMLElement>('.entrance-form [aria-invalid="true"], .entrance-form input:placeholder-shown')?.focus()
      return
    }
    setBusy(true)
    setError(null)
    try {
      const base64 = await toBase64(letter)
      const received = await call('registration.register', { ...unit, pm: people.pm, tl: people.tl, letter: { name: letter.name, base64 } })
      setNumber(received.number)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  if (number)
    return (
      <Entrance>
        <EmptyState
          title={t('done', { number })}
          act={
            <ButtonLink kind="primary" to="/sign-in">
              {t('toSignIn')}
            </ButtonLink>
          }
        >
          {t('doneHelp')}
        </EmptyState>
      </Entrance>
    )
  return (
    <Entrance wide>
      <h1>{t('title')}</h1>
      <p className="ink2">{t('sentence')}</p>
      <form
        className="entrance-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <FormSection title={t('unit')} note={t('unitNote')}>
          <TextField
            label={t('name')}
            placeholder=" "
            autoComplete="organization"
            maxLength={100}
            value={unit.name}
            onChange={(name) => setUnit({ ...unit, name })}
            error={said('name') ?? need(unit.name, t('name'))}
          />
          <TextField
            label={t('creditCode')}
            help={t('creditCodeHelp')}
            placeholder=" "
            autoCapitalize="characters"
            autoComplete="off"
            maxLength={18}
            value={unit.creditCode}
            onChange={(creditCode) => setUnit({ ...unit, creditCode: creditCode.toUpperCase() })}
            error={said('creditCode') ?? need(unit.creditCode, t('creditCode'))}
          />
          <LetterField file={letter} onChange={setLetter} error={tried && !letter ? t('needLetter') : undefined} />
        </FormSection>
        {seats.map((seat) => {
          const field = (name: keyof Seat, label: string) => ({
            label,
            placeholder: ' ',
            autoComplete: 'off',
            value: people[seat][name],
            onChange: (value: string) => setPeople({ ...people, [seat]: { ...people[seat], [name]: value } }),
            error: said(`${seat}.${name}`) ?? need(people[seat][name], label),
          })
          return (
            <FormSection key={seat} title={t(seat)} note={t(seat === 'pm' ? 'pmNote' : 'tlNote')}>
              <TextField {...field('name', t('personName'))} maxLength={40} />
              <TextField {...field('phone', t('phone'))} inputMode="tel" maxLength={30} />
              <TextField {...field('email', t('email'))} inputMode="email" maxLength={200} />
            </FormSection>
          )
        })}
        <ProblemAlert error={error} />
        <div className="row wrap">
          <Button type="submit" kind="primary" size="large" busy={busy}>
            {t('submit')}
          </Button>
          <ButtonLink to="/sign-in">{t('toSignIn')}</ButtonLink>
          {tried && gaps > 0 && <span className="breach">{t('missing', { count: gaps })}</span>}
        </div>
      </form>
    </Entrance>
  )
}
