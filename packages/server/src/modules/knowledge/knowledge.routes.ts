import { knowledgeApi } from '@changbai/contract/knowledge.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import {
  getArticle,
  listArticlePage,
  publishArticle,
  retireArticle,
  reviewArticle,
  reviseArticle,
  suggestArticles,
  voteOnArticle,
  writeArticle,
} from './knowledge.service.ts'

export function knowledgeRoutes(app: App, { door }: Runtime): void {
  mount(app, door, knowledgeApi.list, listArticlePage)
  mount(app, door, knowledgeApi.suggest, suggestArticles)
  mount(app, door, knowledgeApi.get, getArticle)
  mount(app, door, knowledgeApi.write, writeArticle)
  mount(app, door, knowledgeApi.revise, reviseArticle)
  mount(app, door, knowledgeApi.publish, publishArticle)
  mount(app, door, knowledgeApi.review, reviewArticle)
  mount(app, door, knowledgeApi.retire, retireArticle)
  mount(app, door, knowledgeApi.vote, voteOnArticle)
}
