import { Component } from 'preact';

/** A sentence about the state of the room. */
export interface Saying {
  text: string;
  /** It is in sight only while it is news; people who hear the page can read it for as long as it is true. */
  isBrief?: boolean;
  /** Another part of the room shows it. */
  isOnlyHeard?: boolean;
}

/** How long news stay in sight: about the time to read three sentences. */
const NEWS_MS = 12_000;

/** All sentences about the state. What is no longer news makes room for the pictures, which the sentences lie over. */
export class Said extends Component<{ sayings: readonly Saying[] }, { calm: string }> {
  override state = { calm: '' };
  #said = '';
  #timer = 0;

  override componentDidMount(): void {
    this.#follow();
  }

  override componentDidUpdate(): void {
    this.#follow();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  /** Begins to wait again with each change of the words. */
  #follow(): void {
    const said = textOf(this.props.sayings);
    if (said === this.#said) return;
    this.#said = said;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.setState({ calm: said }), NEWS_MS);
  }

  override render() {
    const { sayings } = this.props;
    const isCalm = this.state.calm === textOf(sayings);
    const isHidden = ({ isBrief, isOnlyHeard }: Saying) =>
      isOnlyHeard === true || (isCalm && isBrief === true);
    const isEmpty = sayings.every(isHidden);
    return (
      <p role="status" class={isEmpty ? 'room-said empty' : 'room-said'} tabIndex={-1}>
        {sayings.map((each) => (
          <span key={each.text} class={isHidden(each) ? 'hide' : undefined}>
            {`${each.text} `}
          </span>
        ))}
      </p>
    );
  }
}

const textOf = (sayings: readonly Saying[]): string => sayings.map(({ text }) => text).join(' ');
