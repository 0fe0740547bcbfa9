import type { ComponentChildren } from 'preact';
import { LANGUAGE_NAMES, LANGUAGES, type Texts } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Say } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { Place } from '../places.ts';
import { SearchBox } from './search-box.tsx';

/** An office, and as what one works there. */
export interface Post {
  code: string;
  name: Texts;
  role: StaffRole;
}

export interface BarProps {
  t: Translate;
  /** Where the language buttons come back to. */
  path: string;
  /** Who is signed in; nobody on the way in. */
  person?: { name: string } | undefined;
  /** Where the page is. */
  post?: Post | undefined;
  /** Everywhere that they work, in the town's order. */
  posts?: readonly Post[] | undefined;
  /** Where else in this office one may go. */
  places?: readonly Place[] | undefined;
  /** The person's own pages. */
  own?: readonly Place[] | undefined;
  /** What they are at. */
  presence?: ComponentChildren;
}

/** The top of every page: where one is and as what, where else one may go, and at the end what is the person's own. */
export function Bar(props: BarProps) {
  const { t, person, post, places = [] } = props;
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
          <a class="keys-link small" href="/staff/keys" data-action="help">
            {t('shortcuts.title')} <Key action="help" />
          </a>
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

/** The office and the role; for whoever has several, the way to the others. */
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

/** The offices in which somebody works, each with their role in it. */
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

/** The choice is kept in a cookie, so it is a form and not a link. */
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
