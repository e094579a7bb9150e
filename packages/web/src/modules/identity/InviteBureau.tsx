import type { EntryLink } from '@changbai/contract/registration.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, FormSection, TextField, useAct } from '../../shared/ui/index.ts'
import { registrationText } from './registrationText.ts'

const seats = ['pm', 'tl'] as const
const nobody = { name: '', signIn: '', phone: '', email: '' }
type Seat = typeof nobody
const sent = ({ name, signIn, phone, email }: Seat) => ({ name, signIn, ...(phone && { phone }), ...(email && { email }) })

/** Bureau, first project manager and approver in one form; gives the two links. */
export function InviteBureau({ onDone, onClose }: { onDone: (links: EntryLink[]) => void; onClose: () => void }) {
  const t = useText(registrationText)
  const refresh = useAct()
  const [bureau, setBureau] = useState({ code: '', name: '', shortName: '', creditCode: '' })
  const [people, setPeople] = useState({ pm: nobody, tl: nobody })
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const errorOf = (path: string) => problem?.errors.find((one) => one.path === path)?.message
  const setField = (field: keyof typeof bureau) => (value: string) => setBureau({ ...bureau, [field]: value })
  const send = async (reason: string) => {
    try {
      const made = await call('registration.invite', {
        code: bureau.code,
        name: bureau.name,
        shortName: bureau.shortName,
        creditCode: bureau.creditCode.trim() || null,
        pm: sent(people.pm),
        tl: sent(people.tl),
        reason,
      })
      await refresh.run(async () => {})
      onDone(made.links)
    } catch (failure) {
      if (failure instanceof ProblemError) setProblem(failure)
      throw failure
    }
  }
  return (
    <DecisionDialog title={t('inviteTitle')} verb={t('inviteVerb')} reason={{ label: t('reason') }} act={send} onClose={onClose}>
      <p className="second">{t('inviteNote')}</p>
      <div className="fields">
        <TextField label={t('fullName')} value={bureau.name} onChange={setField('name')} error={errorOf('name')} maxLength={100} />
        <TextField
          label={t('shortName')}
          value={bureau.shortName}
          onChange={setField('shortName')}
          error={errorOf('shortName')}
          maxLength={40}
        />
        <TextField
          label={t('code')}
          help={t('codeHelp')}
          value={bureau.code}
          onChange={setField('code')}
          error={errorOf('code')}
          maxLength={40}
        />
        <TextField
          label={t('creditCode')}
          optional
          value={bureau.creditCode}
          onChange={setField('creditCode')}
          error={errorOf('creditCode')}
          maxLength={18}
        />
      </div>
      {seats.map((seat) => {
        const field = (name: keyof Seat) => ({
          value: people[seat][name],
          onChange: (value: string) => setPeople({ ...people, [seat]: { ...people[seat], [name]: value } }),
          error: errorOf(`${seat}.${name}`),
        })
        return (
          <FormSection key={seat} title={t(seat)}>
            <TextField label={t('name')} {...field('name')} maxLength={40} autoComplete="off" />
            <TextField label={t('signIn')} help={t('signInHelp')} {...field('signIn')} autoCapitalize="none" autoComplete="off" />
            <TextField label={t('phone')} optional {...field('phone')} inputMode="tel" autoComplete="off" />
            <TextField label={t('email')} optional {...field('email')} inputMode="email" autoComplete="off" />
          </FormSection>
        )
      })}
    </DecisionDialog>
  )
}
