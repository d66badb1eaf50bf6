//! What is made sure of before a register's answer is believed.

use signer::{Body, Code, Document, Problem, System};

use super::message::read_message;
use super::{JSON, read, signed_by_system};
use crate::exchange::payload::Payload;
use crate::exchange::query::{Answer, Query};
use crate::site::Site;

/// The answer of `register` to the question in `asked`: signed by the register with a certificate that is good now,
/// to this question, about whom or what was asked.
///
/// # Errors
/// [`Code::AnswerRefused`], with the `reason`'s code: nothing is decided by such an answer, and the question is
/// asked again. A check that could not be made keeps its own code.
pub async fn inspect_answer(
    site: &Site,
    register: System,
    asked: &Payload,
    document: &Document,
) -> Result<Answer, Problem> {
    read_answer(site, register, asked, document).await.map_err(|problem| {
        if problem.status >= 500 {
            return problem;
        }
        let why = problem.detail.clone().unwrap_or_default();
        let detail = format!("`{register}`: {}: {why}", problem.code);
        Problem::new(Code::AnswerRefused).detail(detail).fact("reason", problem.code)
    })
}

async fn read_answer(
    site: &Site,
    register: System,
    asked: &Payload,
    document: &Document,
) -> Result<Answer, Problem> {
    if let Body::Message { content } = &document.body {
        return read_message(site, register, asked, &content.0).await;
    }
    let verified = document.verify()?;
    signed_by_system(site, &verified, register).await?;
    let other = |what: &str| Problem::new(Code::AnswerToOther).detail(what);
    if document.media_type != JSON {
        return Err(other("its media type is not JSON"));
    }
    let answer: Answer = read(&verified.content, "an answer")?;
    let query: Query = read(&asked.document.verify()?.content, "a question")?;
    if answer.subject != query.subject || answer.query != query.query {
        return Err(other("it answers another question"));
    }
    if answer.about != query.about || answer.found.as_ref().is_some_and(|found| !found.is_about(&query.about))
    {
        return Err(other("it is about somebody or something else"));
    }
    Ok(answer)
}
