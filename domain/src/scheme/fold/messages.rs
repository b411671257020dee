//! Folding what people were sent: news of development, and messages of the work list.

use super::Folded;
use crate::{
    Recorded, Scheme,
    correction::Matter,
    development::{DevelopmentNewsSent, Received},
    work_list::{Message, MessageSent},
};

pub(super) fn news_sent(
    scheme: &mut Scheme,
    sent: &DevelopmentNewsSent,
    recorded: &Recorded,
) -> Folded {
    let development = &mut scheme.development;
    if !development.opportunities.contains_key(&sent.opportunity) {
        return Err("it names an opportunity that was never announced");
    }
    let news = Received {
        opportunity: sent.opportunity,
        on: recorded.happened_on,
        channel: recorded.channel,
        picked_for: sent.picked_for,
        position: recorded.position,
    };
    development.sent(&sent.people, news);
    Ok(())
}

pub(super) fn message_sent(scheme: &mut Scheme, sent: &MessageSent, recorded: &Recorded) -> Folded {
    if !scheme.knows(sent.person) {
        return Err("it names a person of whom nothing was told");
    }
    let message = Message {
        entry: recorded.id,
        kind: sent.kind,
        on: recorded.happened_on,
        channel: recorded.channel,
        follow_up_on: sent.follow_up_on,
        position: recorded.position,
    };
    match scheme.messages.get_mut(&sent.person) {
        Some(messages) => messages.push(message),
        None => scheme.messages.insert_mut(sent.person, vec![message]),
    }
    let person = sent.person;
    scheme.may_be_taken_back(recorded, Matter::Message { person });
    Ok(())
}
