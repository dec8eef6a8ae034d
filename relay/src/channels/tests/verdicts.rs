//! Every error code that the providers document, with what it means: one table per family.

use crate::channels::verdict::{Pace, Verdict, conversations, viber, whatsapp};
use Verdict::{Broken, Later, Never, Outside};
use shared::interaction::FailureKind::{Account, Content, Limit, Provider, Unreachable, Window};

#[test]
fn messenger_and_instagram() {
    let cases = [
        (10, 2_018_278, Outside),
        (10, 2_534_022, Outside),
        (10, 2_018_065, Never(Window)),
        (10, 2_018_108, Never(Unreachable)),
        (551, 1_545_041, Never(Unreachable)),
        (551, 0, Never(Unreachable)),
        (200, 1_545_041, Never(Unreachable)),
        (100, 2_018_001, Never(Unreachable)),
        (10, 1_893_063, Broken(Limit)),
        (10, 0, Broken(Account)),
        (200, 0, Broken(Account)),
        (230, 0, Broken(Account)),
        (200, 2_534_041, Broken(Account)),
        (190, 0, Broken(Account)),
        (190, 458, Broken(Account)),
        (190, 460, Broken(Account)),
        (190, 463, Broken(Account)),
        (190, 467, Broken(Account)),
        (0, 0, Broken(Account)),
        (368, 0, Broken(Account)),
        (4, 0, Later(Limit, Pace::Account)),
        (17, 0, Later(Limit, Pace::Account)),
        (32, 0, Later(Limit, Pace::Account)),
        (613, 0, Later(Limit, Pace::Account)),
        (613, 2_018_338, Later(Limit, Pace::Account)),
        (80_000, 0, Later(Limit, Pace::Account)),
        (80_014, 0, Later(Limit, Pace::Account)),
        (100, 0, Never(Content)),
        (100, 2_018_047, Never(Content)),
        (2_018_300, 0, Later(Provider, Pace::Usual)),
        (10, 2_018_300, Later(Provider, Pace::Usual)),
        (10, 2_018_321, Later(Provider, Pace::Usual)),
        (1, 0, Later(Provider, Pace::Usual)),
        (2, 0, Later(Provider, Pace::Usual)),
        (1_200, 0, Later(Provider, Pace::Usual)),
        (80_015, 0, Never(Provider)),
        (424_242, 0, Never(Provider)),
    ];
    for (code, subcode, verdict) in cases {
        assert_eq!(conversations(code, subcode), verdict, "{code}/{subcode}");
    }
}

#[test]
fn whatsapp_codes() {
    let cases: [(&[i64], Verdict); 9] = [
        (&[131_047], Never(Window)),
        (&[130_472, 131_021, 131_026, 131_050, 131_062, 131_063, 137_000], Never(Unreachable)),
        (&[131_056], Later(Limit, Pace::Person)),
        (&[4, 80_007, 130_429], Later(Limit, Pace::Account)),
        (&[131_049, 131_064], Never(Limit)),
        (&[131_048], Broken(Limit)),
        (
            &[0, 3, 10, 190, 200, 299, 368, 130_497, 131_005, 131_031, 131_037, 131_042, 131_045, 133_010],
            Broken(Account),
        ),
        (
            &[
                33, 100, 131_008, 131_009, 131_051, 131_053, 132_000, 132_001, 132_005, 132_007, 132_008,
                132_012, 132_015, 132_016, 135_000,
            ],
            Never(Content),
        ),
        (&[1, 2, 131_000, 131_016, 131_057, 133_004], Later(Provider, Pace::Usual)),
    ];
    for (codes, verdict) in cases {
        for code in codes {
            assert_eq!(whatsapp(*code), verdict, "{code}");
        }
    }
    assert_eq!(whatsapp(424_242), Never(Provider));
}

#[test]
fn viber_statuses() {
    let cases: [(&[i64], Verdict); 6] = [
        (&[1, 2, 7, 8, 9, 10, 15], Broken(Account)),
        (&[3, 4, 13, 14, 16, 17, 18, 19, 20, 22], Never(Content)),
        (&[5, 6, 11, 21], Never(Unreachable)),
        (&[12], Later(Limit, Pace::Person)),
        (&[23, 24], Never(Limit)),
        (&[25, 99, -1], Later(Provider, Pace::Usual)),
    ];
    for (statuses, verdict) in cases {
        for status in statuses {
            assert_eq!(viber(*status), verdict, "{status}");
        }
    }
}
