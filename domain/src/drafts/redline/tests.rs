use super::*;
use jieba_rs::Jieba;
use proptest::prelude::*;
use std::sync::LazyLock;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

fn chinese_words(text: &str) -> Vec<&str> {
    JIEBA
        .cut(text, false)
        .into_iter()
        .map(|token| token.word)
        .collect()
}

/// `[-deleted-]` and `{+inserted+}` within the text.
fn marked(old: &str, new: &str, words: &dyn Fn(&str) -> Vec<&str>) -> String {
    inline(old, new, words)
        .into_iter()
        .map(|run| match run.op {
            InlineOp::Equal => run.text,
            InlineOp::Delete => format!("[-{}-]", run.text),
            InlineOp::Insert => format!("{{+{}+}}", run.text),
        })
        .collect()
}

#[test]
fn chinese_changes_read_as_words_not_as_scattered_characters() {
    for (old, new, shown) in [
        (
            "公开征求意见的期限一般不少于30日",
            "公开征求意见的期限一般不少于20个工作日",
            "公开征求意见的期限一般不少于[-30日-]{+20个工作日+}",
        ),
        (
            "不得违约拖欠中小企业的货物款项。",
            "不得拖欠中小企业的货物款项。",
            "不得[-违约-]拖欠中小企业的货物款项。",
        ),
        (
            "本条例自2020年9月1日起施行。",
            "本条例自2025年6月1日起施行。",
            "本条例自[-2020-]{+2025+}年[-9-]{+6+}月1日起施行。",
        ),
        (
            "应当自收到投诉材料之日起处理。",
            "应当自收到投诉材料之日起30日内形成处理结果，以书面形式反馈投诉人。",
            "应当自收到投诉材料之日起[-处理-]{+30日内形成处理结果，以书面形式反馈投诉人+}。",
        ),
        (
            "每小时2.5元，优惠10%，自２０２４年12月起收取。",
            "每小时3.5元，优惠15%，自２０２５年12月起收取。",
            "每小时[-2.5-]{+3.5+}元，优惠[-10-]{+15+}%，自[-２０２４-]{+２０２５+}年12月起收取。",
        ),
        (
            "应当于会议结束后三十日内，向登记机关报送文件。",
            "应当于会议结束后三十日内向登记机关报送文件。",
            "应当于会议结束后三十日内[-，-]向登记机关报送文件。",
        ),
        (
            "处一万元以上五万元以下的罚款；情节严重的，吊销许可证。",
            "处五万元以上二十万元以下的罚款，情节严重的，吊销许可证。",
            "处[-一万元以上五万元-]{+五万元以上二十万元+}以下的罚款[-；-]{+，+}情节严重的，吊销许可证。",
        ),
        (
            "停车人应当缴纳费用。未缴纳的，应当通知其缴纳。",
            "停车人应当缴纳费用。逾期的，应当公告。未缴纳的，应当通知其缴纳。",
            "停车人应当缴纳费用。{+逾期的，应当公告。+}未缴纳的，应当通知其缴纳。",
        ),
    ] {
        assert_eq!(marked(old, new, &chinese_words), shown);
    }
}

#[test]
fn english_changes_are_whole_words() {
    for (old, new, shown) in [
        (
            "The permit shall be valid for two years.",
            "The permit shall be valid for three years from the date of issue.",
            "The permit shall be valid for [-two-]{+three+} years{+ from the date of issue+}.",
        ),
        (
            "An owner must register the vehicle within 30 days.",
            "An owner or lessee must register every vehicle within 30 days.",
            "An owner {+or lessee +}must register [-the-]{+every+} vehicle within 30 days.",
        ),
        (
            "A fee of $1,250.00 is due; it isn't refunded.",
            "A fee of $1,500.00 is due; it is refunded.",
            "A fee of $[-1,250.00-]{+1,500.00+} is due; it [-isn't-]{+is+} refunded.",
        ),
        (
            "The council issues permits:\n(a) to residents;\n(b) to traders.",
            "The council issues permits:\n(a) to residents;\n(b) to carers;\n(c) to traders.",
            "The council issues permits:\n(a) to residents;\n{+(b) to carers;\n+}[-(b-]{+(c+}) to traders.",
        ),
    ] {
        assert_eq!(marked(old, new, &plain_words), shown);
    }
}

#[test]
fn a_whole_paragraph_is_inserted_as_a_whole() {
    let old = "第一款内容甲。\n第二款内容乙。";
    let new = "第一款内容甲。\n第一款内容丙，另行规定。\n第二款内容乙。";
    let shown = "第一款内容甲。\n{+第一款内容丙，另行规定。\n+}第二款内容乙。";
    assert_eq!(marked(old, new, &chinese_words), shown);
}

#[test]
fn an_item_inserted_before_another_is_whole_and_the_other_renumbered() {
    let old = "下列事项：\n（一）名称；\n（二）住所；\n（三）发起人。";
    let new = "下列事项：\n（一）名称；\n（二）住所；\n（三）类别股的股份数；\n（四）发起人。";
    let shown = "下列事项：\n（一）名称；\n（二）住所；\n{+（三）类别股的股份数；\n+}[-（三-]{+（四+}）发起人。";
    assert_eq!(marked(old, new, &chinese_words), shown);
    let shown = "下列事项：\n（一）名称；\n（二）住所；\n[-（三）类别股的股份数；\n（四-]{+（三+}）发起人。";
    assert_eq!(marked(new, old, &chinese_words), shown);
}

#[test]
fn a_cutter_that_loses_text_is_not_trusted() {
    fn first_only(text: &str) -> Vec<&str> {
        text.get(..3).into_iter().collect()
    }
    let runs = inline("甲乙丙", "甲乙丁", &first_only);
    assert_eq!(both_sides(&runs), ("甲乙丙".into(), "甲乙丁".into()));
}

#[test]
fn very_long_and_wholly_different_texts_are_compared_in_bounded_time() {
    let long = |seed: u64| -> String {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            char::from_u32(0x4E00 + (state >> 40) as u32 % 4000).expect("a Chinese character")
        };
        (0..9_000).map(|_| next()).collect()
    };
    // Without a bound this takes minutes, and the tests have a limit.
    let (old, new) = (long(1), long(2));
    assert_eq!(
        both_sides(&inline(&old, &new, &plain_words)),
        (old.clone(), new.clone())
    );
    let lines = |text: &str| format!("{text}\n").repeat(20);
    let (old, new) = (lines(&old), lines(&new));
    assert_eq!(
        both_sides(&inline(&old, &new, &plain_words)),
        (old.clone(), new.clone())
    );
}

fn both_sides(runs: &[Inline]) -> (String, String) {
    let without = |op| {
        runs.iter()
            .filter(|r| r.op != op)
            .map(|r| r.text.as_str())
            .collect()
    };
    (without(InlineOp::Insert), without(InlineOp::Delete))
}

proptest! {
    #[test]
    fn a_redline_holds_both_texts_to_the_letter(
        old in "[甲乙丙丁的。，、\n ab1]{0,40}",
        new in "[甲乙丙丁的。，、\n ab1]{0,40}",
    ) {
        for words in [&plain_words as &dyn Fn(&str) -> Vec<&str>, &chinese_words] {
            let runs = inline(&old, &new, words);
            prop_assert_eq!(both_sides(&runs), (old.clone(), new.clone()));
            prop_assert!(runs.iter().all(|r| !r.text.is_empty()));
            prop_assert!(runs.windows(2).all(|pair| pair[0].op != pair[1].op));
        }
    }

    #[test]
    fn plain_words_are_the_text(text in ".{0,60}") {
        prop_assert_eq!(plain_words(&text).concat(), text);
    }
}
