import type { ComponentChildren } from 'preact';
import { LANGUAGE_NAMES, LANGUAGES, type Texts } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Say } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { Place } from '../places.ts';
import { SearchBox } from './search-box.tsx';

/** An office, and a person's role there. */
export interface Post {
  code: string;
  name: Texts;
  role: StaffRole;
}

export interface BarProps {
  t: Translate;
  /** The page that the language buttons return to. */
  path: string;
  /** The signed-in person; undefined before the sign-in. */
  person?: { name: string } | undefined;
  /** The office of the page. */
  post?: Post | undefined;
  /** All of the person's offices, in the town's order. */
  posts?: readonly Post[] | undefined;
  /** The other pages of this office. */
  places?: readonly Place[] | undefined;
  /** The person's own pages. */
  own?: readonly Place[] | undefined;
  /** The person's presence. */
  presence?: ComponentChildren;
}

/**
 * The top of every page: the office and the role, the links to other pages, and at the end the person's
 * own pages.
 */
export function Bar(props: BarProps) {
  const { t, person, post, posts = [], places = [] } = props;
  if (!person)
    return (
      <div class="site">
        <a class="owner" href="/staff/sign-in">
          <Mark />
          <span>{t('staff.console')}</span>
        </a>
        <LanguageButtons {...props} />
      </div>
    );
  return (
    <div class="bar">
      <Where {...props} />
      <div class="bar-end" />
      {props.presence}
      <details class="fold">
        <summary class="fold-sign">{t('shortcuts.bar.menu')}</summary>
        <div class="fold-in">
          {places.length > 0 ? (
            <nav class="places" aria-label={t('staff.places')}>
              <PlaceList places={places} />
            </nav>
          ) : null}
          {post ? <SearchBox t={t} code={post.code} /> : null}
          {posts.length > 0 ? (
            <a class="keys-link small" href="/staff/keys" data-action="help">
              {t('shortcuts.title')} <Key action="help" />
            </a>
          ) : null}
          <details class="menu" name="bar">
            <summary>
              <span class="cut">{person.name}</span>
            </summary>
            <div class="menu-in">
              <PlaceList places={props.own ?? []} />
              <LanguageButtons {...props} />
              <form method="post" action="/staff/sign-out">
                <button type="submit" class="link">
                  {t('staff.signOut')}
                </button>
              </form>
            </div>
          </details>
        </div>
      </details>
    </div>
  );
}

/** The office and the role; with several, the link to the others. */
function Where({ t, post, posts = [] }: BarProps) {
  const here = post ? (
    <span class="where">
      <b class="cut">
        <Say of={post.name} t={t} />
      </b>
      <span class="small soft">{t(`shortcuts.role.${post.role}`)}</span>
    </span>
  ) : (
    <span>{t('staff.console')}</span>
  );
  if (posts.length < 2)
    return (
      <a class="owner" href={post ? `/console/${post.code}` : '/console'}>
        <Mark />
        {here}
      </a>
    );
  return (
    <details class="menu posts" name="bar">
      <summary class="owner">
        <Mark />
        {here}
      </summary>
      <nav class="menu-in" aria-label={t('shortcuts.bar.change')}>
        <PostList t={t} post={post} posts={posts} />
      </nav>
    </details>
  );
}

/** The person's offices, with the role in each. */
export function PostList({ t, post, posts }: Pick<BarProps, 't' | 'post' | 'posts'>) {
  return (
    <ul class="unmarked">
      {(posts ?? []).map((each) => (
        <li key={each.code}>
          <a
            href={`/console/${each.code}${each.code === post?.code ? '' : '?entered=1'}`}
            aria-current={each.code === post?.code ? 'true' : undefined}
          >
            <Say of={each.name} t={t} /> · {t(`shortcuts.role.${each.role}`)}
          </a>
        </li>
      ))}
    </ul>
  );
}

function PlaceList({ places }: { places: readonly Place[] }) {
  return (
    <ul class="unmarked">
      {places.map((each) => (
        <li key={each.href}>
          <a
            href={each.href}
            data-action={each.action}
            aria-current={each.isHere ? 'page' : undefined}
          >
            {each.text}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** A cookie keeps the choice, so it is a form and not a link. */
function LanguageButtons({ t, path }: BarProps) {
  return (
    <form
      method="post"
      action="/staff/language"
      class="row small"
      aria-label={t('common.page.languages')}
    >
      <input type="hidden" name="back" value={path} />
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="submit"
          name="language"
          value={language}
          lang={language}
          class="link"
          aria-current={language === t.language ? 'true' : undefined}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </form>
  );
}
