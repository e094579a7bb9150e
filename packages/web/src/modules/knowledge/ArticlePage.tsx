import type { ArticleDetail } from '@changbai/contract/knowledge.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  Status,
  TextField,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { ArticleDialog } from './ArticleDialog.tsx'
import { articleState } from './KnowledgePage.tsx'
import { knowledgeText } from './knowledgeText.ts'

export function ArticlePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('knowledge.get', { articleId: id }))
  return (
    <div className="page">
      <Loaded query={query}>{(article) => <View article={article} />}</Loaded>
    </div>
  )
}

type Asking = 'REVISE' | 'PUBLISH' | 'REVIEW' | 'RETIRE' | null
function View({ article }: { article: ArticleDetail }) {
  const say = useText(knowledgeText)
  const lang = useLanguage()
  const [asking, setAsking] = useState<Asking>(null)
  const { runOrThrow } = useAct()
  const articleId = article.id
  const editable = article.mayEdit && article.state !== 'RETIRED'
  return (
    <>
      <PageTitle
        title={article.title}
        mark={article.mayEdit && <Status state={articleState[article.state]}>{say(article.state)}</Status>}
        sentence={
          <>
            <code>{article.number}</code> · {say('version')} {article.version}
            {article.hasDraft && ` · ${say('hasDraft')}`}
          </>
        }
        acts={
          editable && (
            <>
              <Button onClick={() => setAsking('RETIRE')}>{say('retire')}</Button>
              {article.state === 'PUBLISHED' && <Button onClick={() => setAsking('REVIEW')}>{say('review')}</Button>}
              <Button onClick={() => setAsking('REVISE')}>{say('revise')}</Button>
              {article.hasDraft && (
                <Button kind="primary" onClick={() => setAsking('PUBLISH')}>
                  {say('publish')}
                </Button>
              )}
            </>
          )
        }
      />
      <div className="split">
        <div className="stack">
          <Sheet>
            <div style={{ whiteSpace: 'pre-wrap', maxWidth: '38em' }}>{article.body}</div>
          </Sheet>
          <Vote article={article} />
        </div>
        <div className="stack">
          <Sheet>
            <Facts
              items={[
                [say('author'), article.authorName],
                [say('updated'), listTime(article.updatedAt, lang)],
                article.mayEdit && [say('audience'), say(article.audience)],
                article.reviewOn !== null && [
                  say('reviewOn'),
                  <Status key="review" state={article.isReviewDue ? 'risk' : 'planned'}>
                    {shortDay(article.reviewOn, lang)}
                  </Status>,
                ],
                article.keywords !== '' && [say('keywords'), article.keywords],
                [say('votes'), `${article.helpful} / ${article.unhelpful}`],
              ]}
            />
          </Sheet>
          {article.mayEdit && <Versions article={article} />}
        </div>
      </div>
      {asking === 'REVISE' && <ArticleDialog article={article} onClose={() => setAsking(null)} />}
      {(asking === 'PUBLISH' || asking === 'REVIEW') && <DayDialog article={article} kind={asking} onClose={() => setAsking(null)} />}
      {asking === 'RETIRE' && (
        <DecisionDialog
          title={say('retire')}
          verb={say('retire')}
          reason={{ label: say('reason') }}
          act={(reason) => runOrThrow(() => call('knowledge.retire', { articleId, reason }))}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}

const HALF_YEAR = 180
function DayDialog({ article, kind, onClose }: { article: ArticleDetail; kind: 'PUBLISH' | 'REVIEW'; onClose: () => void }) {
  const say = useText(knowledgeText)
  const { runOrThrow } = useAct()
  const [reviewOn, setReviewOn] = useState(addDays(today(), HALF_YEAR))
  const publishing = kind === 'PUBLISH'
  const send = () => runOrThrow(() => call(publishing ? 'knowledge.publish' : 'knowledge.review', { articleId: article.id, reviewOn }))
  return (
    <DecisionDialog
      title={publishing ? say('publishTitle', { version: article.versions[0]?.version ?? article.version }) : say('reviewTitle')}
      verb={say(publishing ? 'publish' : 'review')}
      ready={reviewOn !== ''}
      act={send}
      onClose={onClose}
    >
      <DayField label={say('reviewOn')} help={say('publishHelp')} value={reviewOn} onChange={setReviewOn} />
    </DecisionDialog>
  )
}

function Vote({ article }: { article: ArticleDetail }) {
  const say = useText(knowledgeText)
  const { busy, error, run } = useAct()
  const [comment, setComment] = useState('')
  if (article.state !== 'PUBLISHED') return null
  const vote = (helpful: boolean) => void run(() => call('knowledge.vote', { articleId: article.id, helpful, comment }))
  return (
    <Sheet title={say('voteAsk')} screenOnly>
      <div className="stack tight">
        {article.myVote !== null && <p>{say('voted', { vote: say(article.myVote ? 'helpful' : 'unhelpful') })}</p>}
        <TextField label={say('voteComment')} optional value={comment} onChange={setComment} maxLength={500} />
        <p className="row">
          <Button busy={busy} onClick={() => vote(true)}>
            {say('helpful')}
          </Button>
          <Button busy={busy} onClick={() => vote(false)}>
            {say('unhelpful')}
          </Button>
        </p>
        <ProblemAlert error={error} />
      </div>
    </Sheet>
  )
}

function Versions({ article }: { article: ArticleDetail }) {
  const say = useText(knowledgeText)
  const lang = useLanguage()
  return (
    <>
      <Sheet title={say('versions')}>
        <Timeline
          entries={article.versions.map((one) => ({
            key: String(one.version),
            at: one.at,
            state: one.isPublished ? ('kept' as const) : ('none' as const),
            title: `${say('version')} ${one.version}${one.isPublished ? ` · ${say('shown')}` : ''}`,
            note: [one.byName, one.note].filter(Boolean).join(' · '),
          }))}
        />
      </Sheet>
      {article.comments.length > 0 && (
        <Sheet title={say('comments')}>
          <ul className="plain-list">
            {article.comments.map((one) => (
              <li key={one.at}>
                {say(one.helpful ? 'helpful' : 'unhelpful')} · {one.comment} <span className="second">{listTime(one.at, lang)}</span>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </>
  )
}
