import { ArticleState, type ArticleSummary, Audience } from '@changbai/contract/knowledge.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, type Column, DataTable, type ListInput, PageTitle, type State, Status } from '../../shared/ui/index.ts'
import { ArticleDialog } from './ArticleDialog.tsx'
import { knowledgeText } from './knowledgeText.ts'

export const articleState: Record<ArticleState, State> = { DRAFT: 'todo', PUBLISHED: 'kept', RETIRED: 'none' }

export function KnowledgePage() {
  const say = useText(knowledgeText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [writing, setWriting] = useState(false)
  const editor = may('knowledge.edit:U')
  const columns: Column<ArticleSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title },
    { key: 'state', title: say('state'), cell: (row) => <Status state={articleState[row.state]}>{say(row.state)}</Status> },
    { key: 'audience', title: say('audience'), cell: (row) => say(row.audience) },
    {
      key: 'review',
      title: say('reviewOn'),
      cell: (row) =>
        row.reviewOn ? row.isReviewDue ? <Status state="risk">{shortDay(row.reviewOn, lang)}</Status> : shortDay(row.reviewOn, lang) : '—',
    },
    { key: 'votes', title: say('votes'), kind: 'num', cell: (row) => `${row.helpful} / ${row.unhelpful}` },
    { key: 'updated', title: say('updated'), cell: (row) => listTime(row.updatedAt, lang) },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('knowledge')}
        acts={
          may('knowledge.edit:C') && (
            <Button kind="primary" onClick={() => setWriting(true)}>
              {say('write')}
            </Button>
          )
        }
      />
      <DataTable
        name="knowledge"
        what={say('articles')}
        ask={(input: ListInput) => ask('knowledge.list', input as never)}
        about={['knowledge']}
        columns={editor ? columns : columns.filter((one) => ['number', 'title', 'updated'].includes(one.key))}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/duty/knowledge/${row.id}` as string })}
        {...(editor && {
          filters: [
            { key: 'state', label: say('state'), options: ArticleState.options.map((one) => [one, say(one)] as const) },
            { key: 'audience', label: say('audience'), options: Audience.options.map((one) => [one, say(one)] as const) },
          ],
          views: [
            { key: 'published', label: say('PUBLISHED'), filters: { state: 'PUBLISHED' } },
            { key: 'draft', label: say('DRAFT'), filters: { state: 'DRAFT' } },
            { key: 'due', label: say('reviewDue'), filters: { reviewDue: 'true' } },
            { key: 'all', label: say('all'), filters: {} },
          ],
        })}
        searchHint={say('search')}
        firstUse={{ title: say('none'), help: say('firstUse') }}
        phone={(row) => ({ title: row.title, below: row.number, belowRight: listTime(row.updatedAt, lang) })}
      />
      {writing && <ArticleDialog onClose={() => setWriting(false)} />}
    </div>
  )
}
