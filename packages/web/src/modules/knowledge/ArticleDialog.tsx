import { type ArticleDetail, Audience } from '@changbai/contract/knowledge.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, LongField, Segments, TextField, useAct } from '../../shared/ui/index.ts'
import { knowledgeText } from './knowledgeText.ts'

/** A new article, or a new version of one: editors go on from the latest version, published or not. */
export function ArticleDialog({ article, onClose }: { article?: ArticleDetail; onClose: () => void }) {
  const say = useText(knowledgeText)
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const before = article?.versions[0]
  const [title, setTitle] = useState(before?.title ?? '')
  const [keywords, setKeywords] = useState(before?.keywords ?? '')
  const [body, setBody] = useState(before?.body ?? '')
  const [audience, setAudience] = useState<Audience>(before?.audience ?? 'PROVIDER')
  const [note, setNote] = useState('')
  const ready = title.length > 1 && body.length > 1 && (!before || note !== '')
  const send = () =>
    runOrThrow(async () => {
      const words = { title, keywords, body, audience, note }
      if (article && before) await call('knowledge.revise', { articleId: article.id, ...words, basedOn: before.version })
      else await navigate({ to: `/duty/knowledge/${(await call('knowledge.write', words)).id}` as string })
    })
  return (
    <DecisionDialog title={say(article ? 'revise' : 'write')} verb={say('save')} wide ready={ready} act={send} onClose={onClose}>
      <TextField label={say('title')} value={title} onChange={setTitle} maxLength={120} />
      <TextField label={say('keywords')} help={say('keywordsHelp')} optional value={keywords} onChange={setKeywords} maxLength={200} />
      <LongField label={say('body')} value={body} onChange={setBody} maxLength={40_000} rows={14} />
      <Segments
        label={say('audience')}
        value={audience}
        onChange={setAudience}
        options={Audience.options.map((one) => [one, say(one)] as const)}
      />
      {before && <TextField label={say('note')} value={note} onChange={setNote} maxLength={200} />}
    </DecisionDialog>
  )
}
