//! Regulations, acts, bills and numbered policies in English.

use super::*;

#[test]
fn an_english_regulation_is_read() {
    assert_shown(
        "REGULATION ON PARKING

        Article 16 of the Treaty is recalled.

        CHAPTER I

        General provisions

        Article 1

        Scope

        1. This Regulation applies to parking.

        2. It does not apply to:

        (a) ferries;

        (b) trailers, being:

        (i) first;

        (ii) second;

        (c) aircraft.

        Article 1a

        An inserted sentence.

        Section 1 Permits

        Article 2 - Duties
        Owners shall register.

        They shall pay.",
        "||REGULATION ON PARKING
        ||Article 16 of the Treaty is recalled.
        |CHAPTER I|General provisions
        CHAPTER I General provisions|Article 1|Scope ⏎ 1. This Regulation applies to parking. ⏎ 2. It does not apply to: ⏎ (a) ferries; ⏎ (b) trailers, being: ⏎ (i) first; ⏎ (ii) second; ⏎ (c) aircraft.
          ||Scope
          |Article 1(1)|1. This Regulation applies to parking.
          |Article 1(2)|2. It does not apply to:
            |Article 1(2)(a)|(a) ferries;
            |Article 1(2)(b)|(b) trailers, being:
              |Article 1(2)(b)(i)|(i) first;
              |Article 1(2)(b)(ii)|(ii) second;
            |Article 1(2)(c)|(c) aircraft.
        CHAPTER I General provisions|Article 1a|An inserted sentence.
        CHAPTER I General provisions|Section 1|Permits
        CHAPTER I General provisions / Section 1 Permits|Article 2|Duties ⏎ Owners shall register. ⏎ They shall pay.
          ||Duties
          |Article 2, paragraph 1|Owners shall register.
          |Article 2, paragraph 2|They shall pay.",
    );
}

#[test]
fn the_sections_of_an_act_are_its_articles_and_broken_lines_are_joined() {
    assert_shown(
        "AN ACT to regulate parking

        Contents
        Section 1. Short title ........ 1
        Section 2. Definitions ........ 2

        PART I - PRELIMINARY

        Section 1. Short title.
        This Act may be cited as the Parking Act.

        Section 2. Definitions. In this Act, unless the context otherwise requires, and
        Section 3 applies accordingly, the following terms have the meanings given to
        them below:
          (a) \"vehicle\" means a motor vehicle or a trailer which is drawn by one and has
              more than two wheels;
          (b) \"permit\" means a permit under section 3.

        § 3 Permits
        (1) The council may issue permits.
        (2) Section 2 applies.",
        "||AN ACT to regulate parking
        ||Contents ⏎ Section 1. Short title ........ 1 ⏎ Section 2. Definitions ........ 2
        |PART I|PRELIMINARY
        PART I PRELIMINARY|Section 1|Short title. ⏎ This Act may be cited as the Parking Act.
        PART I PRELIMINARY|Section 2|Definitions. In this Act, unless the context otherwise requires, and Section 3 applies accordingly, the following terms have the meanings given to them below: ⏎ (a) \"vehicle\" means a motor vehicle or a trailer which is drawn by one and has more than two wheels; ⏎ (b) \"permit\" means a permit under section 3.
          |Section 2, paragraph 1|Definitions. In this Act, unless the context otherwise requires, and Section 3 applies accordingly, the following terms have the meanings given to them below:
            |Section 2(a)|(a) \"vehicle\" means a motor vehicle or a trailer which is drawn by one and has more than two wheels;
            |Section 2(b)|(b) \"permit\" means a permit under section 3.
        PART I PRELIMINARY|§ 3|Permits ⏎ (1) The council may issue permits. ⏎ (2) Section 2 applies.
          ||Permits
          |§ 3(1)|(1) The council may issue permits.
          |§ 3(2)|(2) Section 2 applies.",
    );
}

#[test]
fn numbered_headings_are_headings_and_their_innermost_are_articles() {
    assert_shown(
        "# Parking policy

        ## 1. Introduction
        Some text here.

        ### 1.1 Scope
        This policy covers all.

        ## 2. Permits
        ### 2.1 Who may apply
        - residents
        - traders

        ## 3. Fees
        Ten.",
        "||Parking policy
        |1|Introduction
        1 Introduction||Some text here.
        1 Introduction|1.1|Scope ⏎ This policy covers all.
        |2|Permits
        2 Permits|2.1|Who may apply ⏎ - residents ⏎ - traders
          ||Who may apply
          |2.1, item 1|- residents
          |2.1, item 2|- traders
        |3|Fees ⏎ Ten.",
    );
}

#[test]
fn a_british_act_and_an_american_bill_are_read() {
    assert_shown(
        "Parking Act 2024

        PART 1
        PERMITS

        1 Overview
        (1) This Act makes provision about permits.
        (2) A permit must state-
        (a) the vehicle, and
        (b) the zone.

        PART 2
        GENERAL

        2 Short title
        This Act may be cited as the Parking Act 2024.",
        "||Parking Act 2024
        |PART 1|PERMITS
        PART 1 PERMITS|1|Overview ⏎ (1) This Act makes provision about permits. ⏎ (2) A permit must state- ⏎ (a) the vehicle, and ⏎ (b) the zone.
          ||Overview
          |1(1)|(1) This Act makes provision about permits.
          |1(2)|(2) A permit must state-
            |1(2)(a)|(a) the vehicle, and
            |1(2)(b)|(b) the zone.
        |PART 2|GENERAL
        PART 2 GENERAL|2|Short title ⏎ This Act may be cited as the Parking Act 2024.",
    );
    let inserted = parse(
        "1 Overview\nThis is an Act.\n\n2 Permits\nA permit is needed.\n\n2A Carers\nNot by carers.\n\n3 End\nDone.",
    );
    let labels: Vec<_> = articles(&inserted)
        .iter()
        .map(|a| a.label.clone())
        .collect();
    assert_eq!(labels, ["1", "2", "2A", "3"]);
    assert_eq!(warned(&inserted), []);
    let bill = parse(
        "SECTION 1. SHORT TITLE.\n\nThis is the Act.\n\nTITLE II-PERMITS\n\nSEC. 201. ISSUANCE.\n\n(a) Who.\n\n(b) When.",
    );
    assert_eq!(articles(&bill)[1].path, ["TITLE II PERMITS"]);
    assert_eq!(articles(&bill)[1].children[2].label, "SEC. 201(b)");
    assert_eq!(warned(&bill), []);
    // Articles of a constitution, counting their sections anew.
    let articles_over = parse(
        "ARTICLE I\n\nSection 1.\n\nA Congress.\n\nSection 2.\n\nA House.\n\nARTICLE II\n\nSection 1.\n\nA President.",
    );
    assert_eq!(articles(&articles_over)[2].path, ["ARTICLE II"]);
    assert_eq!(warned(&articles_over), []);
}

#[test]
fn sections_on_one_line_each_are_not_one_broken_text() {
    let act = parse(
        "Section 1. Short title. This Act may be cited as the Street Parking Act of the City.
Section 2. Refusal. The council may refuse a permit to a person who has unpaid penalties.
Section 3. Cycle parking. Every station must provide covered racks for bicycles at its gate.
Section 4. Review. A person served with a notice of penalty may appeal to the adjudicator.
It is free of charge to appeal, and whoever appeals need not appear before the adjudicator.",
    );
    assert_eq!(articles(&act).len(), 4);
    assert_eq!(articles(&act)[3].children.len(), 2);
}
