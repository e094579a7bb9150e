import type { NoticePreference } from '@changbai/contract/notification.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, Check, Loaded, PageTitle, ProblemAlert, SelectField, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { notificationText } from './notificationText.ts'

const topics = ['task', 'request', 'delivery', 'lease', 'incident', 'account', 'system'] as const
const ways = ['EMAIL', 'SMS', 'PHONE'] as const

function PreferenceForm({ kept }: { kept: NoticePreference }) {
  const t = useText(notificationText)
  const act = useAct()
  const [wanted, setWanted] = useState(kept)
  const [saved, setSaved] = useState(false)
  const change = (next: Partial<NoticePreference>) => {
    setSaved(false)
    setWanted({ ...wanted, ...next })
  }
  return (
    <div className="stack">
      <Sheet flush>
        <div className="grid-scroll">
          <table className="grid">
            <thead>
              <tr>
                <th>{t('topic')}</th>
                <th>{t('INBOX')}</th>
                {ways.map((way) => (
                  <th key={way}>{t(way)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {topics.map((topic) => (
                <tr key={topic}>
                  <td>
                    <span className="strong">{t(topic)}</span>{' '}
                    {wanted.channels[topic] === undefined ? (
                      <span className="note">{t('byUrgency')}</span>
                    ) : (
                      <button
                        type="button"
                        className="link note"
                        onClick={() => {
                          const { [topic]: _, ...rest } = wanted.channels
                          change({ channels: rest })
                        }}
                      >
                        {t('backToDefault')}
                      </button>
                    )}
                  </td>
                  <td>✓</td>
                  {ways.map((way) => {
                    const chosen = wanted.channels[topic] ?? []
                    return (
                      <td key={way}>
                        <label className="check">
                          <input
                            type="checkbox"
                            aria-label={`${t(topic)} ${t(way)}`}
                            checked={chosen.includes(way)}
                            onChange={(event) =>
                              change({
                                channels: {
                                  ...wanted.channels,
                                  [topic]: event.target.checked ? [...chosen, way] : chosen.filter((one) => one !== way),
                                },
                              })
                            }
                          />
                        </label>
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="note sheet-line">{t('defaults')}</p>
      </Sheet>
      <Sheet>
        <div className="stack">
          <div className="fields">
            <SelectField
              label={t('language')}
              value={wanted.locale}
              options={[
                ['zh-CN', '中文'],
                ['en-US', 'English'],
              ]}
              onChange={(locale) => change({ locale: locale === 'en-US' ? 'en-US' : 'zh-CN' })}
            />
          </div>
          <Check checked={wanted.quiet !== null} onChange={(on) => change({ quiet: on ? { from: '22:00', until: '07:00' } : null })}>
            {t('quietOn')}
          </Check>
          {wanted.quiet && (
            <div className="fields">
              <TextField
                label={t('from')}
                type="time"
                help={t('quietHelp')}
                value={wanted.quiet.from}
                onChange={(from) => change({ quiet: { from, until: wanted.quiet?.until ?? '07:00' } })}
              />
              <TextField
                label={t('until')}
                type="time"
                value={wanted.quiet.until}
                onChange={(until) => change({ quiet: { from: wanted.quiet?.from ?? '22:00', until } })}
              />
            </div>
          )}
          <ProblemAlert error={act.error} />
          <div className="row">
            <Button
              kind="primary"
              busy={act.busy}
              onClick={() =>
                void act.run(async () => {
                  await call('notification.savePreference', wanted)
                  setSaved(true)
                })
              }
            >
              {t('save')}
            </Button>
            {saved && (
              <span role="status">
                <Status state="kept">{t('saved')}</Status>
              </span>
            )}
          </div>
        </div>
      </Sheet>
    </div>
  )
}

export function PreferencesPage() {
  const t = useText(notificationText)
  const query = useQuery(ask('notification.preference', {}))
  return (
    <div className="page">
      <PageTitle title={t('preferences')} sentence={t('preferencesSentence')} />
      <Loaded query={query}>{(kept) => <PreferenceForm kept={kept} />}</Loaded>
    </div>
  )
}
