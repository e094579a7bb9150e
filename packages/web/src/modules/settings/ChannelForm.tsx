import type { ChannelSettings, NoticeTopic } from '@changbai/contract/notification.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, LongField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { settingsText } from './settingsText.ts'

const kinds = ['EMAIL', 'SMS', 'PHONE', 'WECOM', 'DINGTALK', 'FEISHU'] as const
type Kind = (typeof kinds)[number]

/** `code = 0` as typed: the member and its value. */
const left = (text: string): string => (text.split('=')[0] ?? '').trim()
const right = (text: string): string => text.slice(text.indexOf('=') + 1).trim()
const words = (text: string): string[] =>
  text
    .split(/[,，\s]+/)
    .map((word) => word.trim())
    .filter(Boolean)

export function ChannelForm({ onClose }: { onClose: () => void }) {
  const t = useText(settingsText)
  const refresh = useAct()
  const [kind, setKind] = useState<Kind>('EMAIL')
  const [values, setValues] = useState<Record<string, string>>({ port: '465', tls: 'implicit', topics: 'task,request,delivery,incident' })
  const field = (name: string) => ({ value: values[name] ?? '', onChange: (value: string) => setValues({ ...values, [name]: value }) })
  const v = (name: string): string => (values[name] ?? '').trim()
  const settings = (): ChannelSettings => {
    if (kind === 'EMAIL')
      return {
        channel: kind,
        host: v('host'),
        port: Number(v('port')),
        tls: v('tls') as 'implicit',
        user: v('user'),
        from: v('from'),
        fromName: v('fromName'),
      }
    if (kind === 'SMS' || kind === 'PHONE')
      return {
        channel: kind,
        url: v('url'),
        method: 'POST',
        headers: {},
        contentType: 'application/json',
        body: v('body'),
        success: v('success') === '' ? null : { path: left(v('success')), value: right(v('success')) },
        receipt:
          v('receiptId') === ''
            ? null
            : {
                list: '',
                id: v('receiptId'),
                sentId: v('sentId'),
                state: left(v('arrived')),
                delivered: words(right(v('arrived'))),
                failed: words(v('lost')),
              },
      }
    return {
      channel: kind,
      url: v('url'),
      topics: v('topics')
        .split(',')
        .map((topic) => topic.trim() as NoticeTopic),
      minUrgency: 'HIGH',
    }
  }
  return (
    <DecisionDialog
      title={t('addChannel')}
      verb={t('propose')}
      act={async () => {
        await call('notification.proposeChannel', {
          name: v('name') || t(kind),
          settings: settings(),
          ...(v('secret') && { secret: v('secret') }),
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <SelectField
          label={t('channel')}
          value={kind}
          options={kinds.map((one) => [one, t(one)] as const)}
          onChange={(next) => setKind((next || 'EMAIL') as Kind)}
        />
        <TextField label={t('name')} optional {...field('name')} />
        {kind === 'EMAIL' ? (
          <>
            <TextField label={t('host')} {...field('host')} />
            <TextField label={t('port')} inputMode="numeric" {...field('port')} />
            <SelectField
              label={t('tls')}
              options={[
                ['implicit', t('implicit')],
                ['starttls', t('starttls')],
                ['none', t('noneTls')],
              ]}
              {...field('tls')}
            />
            <TextField label={t('user')} optional autoComplete="off" {...field('user')} />
            <TextField label={t('fromAddress')} {...field('from')} />
            <TextField label={t('fromName')} optional {...field('fromName')} />
          </>
        ) : (
          <TextField label={t('url')} full {...field('url')} />
        )}
        {(kind === 'SMS' || kind === 'PHONE') && (
          <>
            <LongField label={t('body')} help={t('bodyHelp')} className="mono" {...field('body')} />
            <TextField label={t('success')} help={t('successHelp')} optional {...field('success')} />
            <TextField label={t('receiptId')} help={t('receiptIdHelp')} optional {...field('receiptId')} />
            <TextField label={t('sentId')} help={t('sentIdHelp')} optional {...field('sentId')} />
            <TextField label={t('arrived')} help={t('arrivedHelp')} optional {...field('arrived')} />
            <TextField label={t('lost')} help={t('lostHelp')} optional {...field('lost')} />
          </>
        )}
        {(kind === 'WECOM' || kind === 'DINGTALK' || kind === 'FEISHU') && (
          <TextField label={t('topics')} help={t('topicsHelp')} full {...field('topics')} />
        )}
        <TextField label={t('secret')} help={t('secretHelp')} optional type="password" autoComplete="new-password" {...field('secret')} />
      </div>
    </DecisionDialog>
  )
}
