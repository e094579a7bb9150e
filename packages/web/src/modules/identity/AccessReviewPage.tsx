import type { ReviewItem, ReviewRow } from '@changbai/contract/access.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  PageTitle,
  ProblemAlert,
  Progress,
  Sheet,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { accessText } from './accessText.ts'

const decisionStates: Record<NonNullable<ReviewItem['decision']>, State> = { KEEP: 'kept', WITHDRAW: 'none', LAPSED: 'breach' }
const reviewStates: Record<ReviewRow['state'], State> = { OPEN: 'running', CONFIRMED: 'kept', LAPSED: 'risk' }
type Shown = 'mine' | 'undecided' | 'all'

function Items({ review }: { review: ReviewRow }) {
  const t = useText(accessText)
  const lang = useLanguage()
  const act = useAct()
  const query = useQuery(ask('access.reviewItems', { reviewId: review.id }))
  const items = query.data?.items ?? []
  const mine = items.filter((item) => item.mine)
  const undecided = items.filter((item) => item.decision === null)
  const [chosen, setChosen] = useState<Shown | null>(null)
  const [leaving, setLeaving] = useState<ReviewItem | null>(null)
  const shown: Shown = chosen ?? (mine.length > 0 ? 'mine' : 'all')
  const rows = { mine, undecided, all: items }[shown]
  const decide = (item: ReviewItem, decision: 'KEEP' | 'WITHDRAW', comment = '') =>
    call('access.decideItem', { reviewId: review.id, grantId: item.grantId, decision, comment })
  return (
    <>
      <div className="views">
        {(
          [
            ['mine', 'waitsForMe', mine.length],
            ['undecided', 'undecided', undecided.length],
            ['all', 'all', items.length],
          ] as const
        ).map(([key, word, count]) => (
          <button key={key} type="button" aria-pressed={shown === key} onClick={() => setChosen(key)}>
            {t(word)}
            <span>{count}</span>
          </button>
        ))}
      </div>
      <ProblemAlert error={act.error} />
      <Sheet flush>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <EmptyState title={shown === 'mine' ? t('nothingMine') : t('allDecided')}>
                {shown === 'mine' && t('nothingMineHelp')}
              </EmptyState>
            ) : (
              <ul className="list">
                {rows.map((item) => (
                  <li key={item.grantId} className="row wrap apart">
                    <div className="grow-line">
                      <b>{item.personName}</b>　{roleName(item.role, lang)}
                      <div className="second">
                        {item.tenantName ?? t('everywhere')} · {t('since', { at: listTime(item.grantedAt, lang) })}
                        {item.comment && ` · ${item.comment}`}
                      </div>
                    </div>
                    {item.decision ? (
                      <span className="row">
                        <Status state={decisionStates[item.decision]}>{t(item.decision)}</Status>
                        <span className="note">
                          {item.decidedBy && item.decidedAt && t('decidedBy', { by: item.decidedBy, at: listTime(item.decidedAt, lang) })}
                        </span>
                      </span>
                    ) : item.mine ? (
                      <span className="row">
                        <Button size="small" busy={act.busy} onClick={() => void act.run(() => decide(item, 'KEEP'))}>
                          {t('keep')}
                        </Button>
                        <Button size="small" onClick={() => setLeaving(item)}>
                          {t('withdraw')}
                        </Button>
                      </span>
                    ) : (
                      <Status state="todo" quiet>
                        {t('undecided')}
                      </Status>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
      {leaving && (
        <DecisionDialog
          danger
          title={t('withdrawTitle', { person: leaving.personName, role: roleName(leaving.role, lang) })}
          verb={t('withdraw')}
          reason={{ label: t('reason') }}
          act={(comment) => decide(leaving, 'WITHDRAW', comment).then(() => act.run(async () => {}))}
          onClose={() => setLeaving(null)}
        >
          <p>{t('withdrawNote')}</p>
        </DecisionDialog>
      )}
    </>
  )
}

/** The review of a quarter: the newest, or the one in the address. */
export function AccessReviewPage() {
  const t = useText(accessText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [confirming, setConfirming] = useState(false)
  const { id } = useParams({ strict: false }) as { id?: string }
  const query = useQuery(ask('access.reviews', {}))
  const reviews = query.data?.items ?? []
  const review = reviews.find((one) => one.id === id) ?? reviews[0]
  const opens = may('iam.accessReview:C') && (
    <Button busy={act.busy} onClick={() => void act.run(() => call('access.openReview', {}))}>
      {t('openReview')}
    </Button>
  )
  const due = review ? listTime(review.dueAt, lang) : ''
  const sentence = !review
    ? t('reviewSentence')
    : review.state === 'CONFIRMED'
      ? t('reviewConfirmed', { by: review.confirmedBy ?? '', at: review.confirmedAt ? listTime(review.confirmedAt, lang) : '' })
      : review.state === 'LAPSED'
        ? t('reviewLapsed', { due })
        : t('reviewOpen', { done: review.total - review.undecided, total: review.total, due })
  const mayConfirm =
    review && review.state !== 'CONFIRMED' && may('iam.accessReview:A') && (review.undecided === 0 || review.state === 'LAPSED')
  return (
    <div className="page">
      <PageTitle
        title={review ? t('reviewTitle', { quarter: review.quarter }) : t('reviews')}
        sentence={sentence}
        acts={
          mayConfirm ? (
            <Button kind="primary" onClick={() => setConfirming(true)}>
              {t('confirmReview')}
            </Button>
          ) : (
            review?.state === 'CONFIRMED' && opens
          )
        }
      />
      <ProblemAlert error={act.error} />
      {!review ? (
        <Sheet flush>
          <Loaded query={query}>
            {() => (
              <EmptyState title={t('reviewNone')} act={opens}>
                {t('reviewNoneHelp')}
              </EmptyState>
            )}
          </Loaded>
        </Sheet>
      ) : (
        <div className="split">
          <div>
            {review.state === 'OPEN' && (
              <div className="review-progress">
                <Progress plain ratio={review.total > 0 ? (review.total - review.undecided) / review.total : 1} />
              </div>
            )}
            <Items key={review.id} review={review} />
          </div>
          <Sheet flush title={t('otherReviews')}>
            <ul className="list">
              {reviews.map((one) => (
                <li key={one.id} className="row apart">
                  <Link to="/settings/access-reviews/$id" params={{ id: one.id }} aria-current={one.id === review.id ? 'page' : undefined}>
                    {one.quarter}
                  </Link>
                  <span className="second">
                    {one.total - one.undecided} / {one.total}
                  </span>
                  <Status state={reviewStates[one.state]}>{t(one.state)}</Status>
                </li>
              ))}
            </ul>
            <p className="note sheet-line">{t('reviewSentence')}</p>
          </Sheet>
        </div>
      )}
      {confirming && review && (
        <DecisionDialog
          title={t('confirmTitle', { quarter: review.quarter })}
          verb={t('confirmReview')}
          act={() => call('access.confirmReview', { reviewId: review.id }).then(() => act.run(async () => {}))}
          onClose={() => setConfirming(false)}
        >
          <p>{t('confirmNote')}</p>
        </DecisionDialog>
      )}
    </div>
  )
}
