//! Every limit of texts and sizes, in one place. Lengths are in graphemes (what a reader calls a
//! character), sizes in bytes. How often somebody may do something stands in the server's `limits`.

/// Title of a consultation.
pub const TITLE: usize = 200;
/// What is decided, in a few sentences.
pub const SUMMARY: usize = 2_000;
/// The explanation that Decree 713 art. 15 asks for, in Markdown.
pub const EXPLANATION: usize = 50_000;
/// Who to ask, other ways to respond.
pub const CONTACT_LINES: usize = 1_000;
/// A public reason: short period, hold, response.
pub const REASON: usize = 4_000;
/// One of the three texts asked / heard / changed.
pub const FEEDBACK_TEXT: usize = 10_000;
/// What a person says in one point.
pub const POINT_TEXT: usize = 5_000;
/// The wording a person proposes for a clause.
pub const PROPOSED_TEXT: usize = 5_000;
/// Points in one comment.
pub const POINTS_PER_COMMENT: usize = 50;
/// Earlier texts kept of one comment; all are kept, so there can be no more edits than these.
pub const REVISIONS_PER_COMMENT: usize = 30;
/// Earlier texts of one comment together, in bytes, if there is more than one.
pub const REVISION_BYTES: usize = 4 * 1024 * 1024;
/// Name of a person or organisation.
pub const NAME: usize = 100;
/// E-mail address or telephone number of a sender.
pub const CONTACT: usize = 200;
/// Fewer digits are no telephone number that can be called from elsewhere.
pub const TELEPHONE_DIGITS: usize = 7;
/// Text of a filter in the staff queue.
pub const QUERY: usize = 100;
/// A draft, as uploaded or pasted, in bytes.
pub const DRAFT_BYTES: usize = 2 * 1024 * 1024;
/// A draft as JSON, in bytes: each character may be an escape of six bytes, which most are not.
pub const DRAFT_JSON_BYTES: usize = 2 * DRAFT_BYTES + 64 * 1024;
/// The desk's form for a draft, in bytes: a file and a pasted text, with what a browser puts around
/// them.
pub const DRAFT_FORM_BYTES: usize = 2 * DRAFT_BYTES + 64 * 1024;
/// Name of an uploaded file.
pub const FILENAME: usize = 200;
/// Clauses in one draft version, with paragraphs and items.
pub const CLAUSES_PER_DRAFT: usize = 20_000;
/// Body of any other request, in bytes: 50 points with proposed wording, in four-byte characters.
pub const BODY_BYTES: usize = 3 * 1024 * 1024;
/// Fields of an HTML form: a page of 50 comments of 50 points, or one for each clause of a draft.
pub const FORM_FIELDS: usize = 25_000;
/// Short name of a unit in addresses, in bytes.
pub const SLUG_BYTES: usize = 40;
/// Tag of a language (BCP 47), in bytes.
pub const LANGUAGE_TAG_BYTES: usize = 35;
/// E-mail address by which an account is known, in bytes (RFC 5321 section 4.5.3.1.3).
pub const EMAIL_BYTES: usize = 254;
/// What is kept of a browser's name for itself, in characters.
pub const USER_AGENT: usize = 200;
/// Key of a list's next page in an address, in bytes.
pub const PAGE_KEY_BYTES: usize = 100;
/// What is repeated of another site's name, in characters.
pub const HOST_SHOWN: usize = 200;
/// Points without a response that the desk lists above the feedback form.
pub const UNANSWERED_SHOWN: usize = 100;
/// A client's idempotency key, in bytes.
pub const IDEMPOTENCY_KEY_BYTES: usize = 200;
/// Rows on one page of any list.
pub const PAGE: usize = 50;
/// Shortest staff password, in graphemes (NIST SP 800-63B section 5.1.1.2 asks for 8).
pub const PASSWORD_MIN: usize = 10;
/// Longest staff password, in bytes, so that hashing cannot be abused.
pub const PASSWORD_MAX_BYTES: usize = 1_024;
/// Origins on which one unit may embed.
pub const ORIGINS_PER_UNIT: usize = 50;

/// Seats of a session, and of one category of them.
pub const SEATS: i64 = 10_000;
/// Categories of seats of one session.
pub const SEAT_CATEGORIES: usize = 30;
/// The short name of a category of seats, in bytes.
pub const CATEGORY_CODE: usize = 40;
/// Earlier sessions that a cool-down may look back to.
pub const COOLDOWN: i64 = 50;
/// What an applicant wants to say.
pub const STATEMENT: usize = 5_000;
/// A note on what an applicant needs to take part.
pub const NEEDS_NOTE: usize = 500;
/// The number that decides a draw, and where it comes from.
pub const SEED: usize = 500;
/// Applications to one session.
pub const APPLICATIONS_PER_HEARING: i64 = 100_000;
/// Days after a session for which applicants can still be reached; then contact data and what they
/// needed are deleted.
pub const APPLICATION_DAYS: i64 = 180;
/// Statements in the minutes of one session.
pub const STATEMENTS_PER_SESSION: usize = 500;
/// Corrections of the minutes that one participant may ask for, one after the other.
pub const CORRECTIONS_PER_PARTICIPANT: i64 = 10;
/// A paper that is attached to a session, in bytes; and the form it comes in.
pub const PAPER_BYTES: usize = 10 * 1024 * 1024;
pub const PAPER_FORM_BYTES: usize = PAPER_BYTES + 64 * 1024;
/// The report on a session.
pub const REPORT: usize = 50_000;
/// Questions of one poll.
pub const QUESTIONS_PER_POLL: usize = 100;
/// Options of one question, and rows of one matrix.
pub const OPTIONS_PER_QUESTION: usize = 100;
/// A question, a section's heading or an option.
pub const QUESTION_TEXT: usize = 500;
/// One-time codes made at once, and entries of a list of invited people.
pub const CODES_AT_ONCE: usize = 5_000;
/// One-time codes of one poll.
pub const CODES_PER_POLL: usize = 100_000;
/// A short answer.
pub const SHORT_ANSWER: usize = 200;
/// A long answer.
pub const LONG_ANSWER: usize = 5_000;
/// The short name of a question or an option, in bytes.
pub const QUESTION_CODE: usize = 40;
