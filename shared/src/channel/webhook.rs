//! The webhook fields each provider must be asked for, so that nothing a desk needs stays away; never how they are asked for.

use super::Channel;

/// The fields of an account's subscription: Meta's `subscribed_fields`, Viber's `event_types`. WhatsApp's are chosen in
/// the app alone. On Instagram reactions have two names; the one of the API with Instagram Login is given here.
#[must_use]
pub const fn webhook_fields(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => &[
            "messages",
            "message_echoes",
            "message_deliveries",
            "message_reads",
            "message_reactions",
            "message_edits",
            "messaging_postbacks",
            "messaging_referrals",
            "messaging_optins",
            "messaging_handovers",
            "standby",
            "messaging_policy_enforcement",
        ],
        Channel::Instagram => &[
            "messages",
            "messaging_reactions",
            "messaging_postbacks",
            "messaging_seen",
            "messaging_referral",
            "standby",
        ],
        Channel::WhatsApp => &[
            "messages",
            "smb_message_echoes",
            "user_id_update",
            "user_preferences",
            "message_template_status_update",
            "phone_number_quality_update",
            "account_update",
            "account_alerts",
            "business_capability_update",
        ],
        Channel::Viber => {
            &["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
        }
    }
}
