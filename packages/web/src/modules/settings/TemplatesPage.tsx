import type { NoticeTemplate } from '@changbai/contract/notification.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Button, DecisionDialog, Loaded, LongField, PageTitle, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { proposalStates } from './ChannelsPage.tsx'
import { settingsText } from './settingsText.ts'

type Template = z.output<typeof NoticeTemplate>

function EditTemplate({ template, onClose }: { template: Template; onClose: () => void }) {
  const t = useText(settingsText)
  const refresh = useAct()
  const [zh, setZh] = useState(template.zh)
  const [en, setEn] = useState(template.en)
  return (
    <DecisionDialog
      title={template.event}
      verb={t('propose')}
      act={async () => {
        await call('notification.proposeTemplate', { event: template.event, zh, en })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <p className="note mono">{t('placeholders', { names: template.placeholders.map((name) => `{${name}}`).join(' ') })}</p>
      <TextField label={t('titleZh')} value={zh.title} onChange={(title) => setZh({ ...zh, title })} />
      <LongField label={t('bodyZh')} value={zh.body} onChange={(body) => setZh({ ...zh, body })} />
      <TextField label={t('titleEn')} value={en.title} onChange={(title) => setEn({ ...en, title })} />
      <LongField label={t('bodyEn')} value={en.body} onChange={(body) => setEn({ ...en, body })} />
    </DecisionDialog>
  )
}

export function TemplatesPage() {
  const t = useText(settingsText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()
  const refresh = useAct()
  const query = useQuery(ask('notification.templates', {}))
  const [editing, setEditing] = useState<Template | null>(null)
  const [deciding, setDeciding] = useState<{ template: Template; approve: boolean } | null>(null)
  return (
    <div className="page">
      <PageTitle title={t('templates')} sentence={t('templatesSentence')} />
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) => (
            <div className="grid-scroll">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{t('event')}</th>
                    <th>{t('wording')}</th>
                    <th className="num">{t('version')}</th>
                    <th>{t('state')}</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {items.map((template) => (
                    <tr key={`${template.event}${template.id}`}>
                      <td className="id">{template.event}</td>
                      <td>
                        <b>{lang === 'en-US' ? template.en.title : template.zh.title}</b>
                        <div className="second">{lang === 'en-US' ? template.en.body : template.zh.body}</div>
                      </td>
                      <td className="num">{template.version > 0 ? template.version : t('builtIn')}</td>
                      <td>
                        <Status state={proposalStates[template.state]}>{t(template.state)}</Status>
                      </td>
                      <td className="nowrap">
                        {template.state === 'PROPOSED' && may('notification.template:A') && template.proposedBy?.id !== me?.person.id ? (
                          <span className="row">
                            <Button size="small" onClick={() => setDeciding({ template, approve: true })}>
                              {t('approve')}
                            </Button>
                            <Button size="small" onClick={() => setDeciding({ template, approve: false })}>
                              {t('reject')}
                            </Button>
                          </span>
                        ) : (
                          template.state === 'ACTIVE' &&
                          may('notification.template:C') && (
                            <Button size="small" onClick={() => setEditing(template)}>
                              {t('edit')}
                            </Button>
                          )
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Sheet>
      {editing && <EditTemplate template={editing} onClose={() => setEditing(null)} />}
      {deciding?.template.id && (
        <DecisionDialog
          title={`${deciding.approve ? t('approve') : t('reject')}：${deciding.template.event}`}
          verb={deciding.approve ? t('approve') : t('reject')}
          danger={!deciding.approve}
          reason={{ label: t('comment'), optional: deciding.approve }}
          act={async (comment) => {
            await call('notification.decideTemplate', { templateId: deciding.template.id ?? '', approve: deciding.approve, comment })
            await refresh.run(async () => {})
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </div>
  )
}
