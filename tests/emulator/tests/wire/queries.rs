//! Query options and paging.

use std::num::NonZeroUsize;

use creatio_emulator::{Emulator, Options};
use serde_json::Value;

use crate::client::Client;
use crate::start;

fn start_with_page_size(size: Option<usize>) -> Emulator {
    let page_size = size.and_then(NonZeroUsize::new);
    start(Options { page_size, base_path: "/Base".to_owned(), ..Options::default() })
}

fn names(page: &Value) -> Vec<&str> {
    page["value"].as_array().unwrap().iter().map(|record| record["Name"].as_str().unwrap()).collect()
}

/// Follows the links to the end, and gives the number of pages and all names.
fn all_pages(client: &mut Client, url: &str, target: &str) -> (usize, Vec<String>) {
    let mut target = target.to_owned();
    let mut all = Vec::new();
    for pages in 1.. {
        let page = client.get(&target).json();
        all.extend(names(&page).into_iter().map(str::to_owned));
        let Some(link) = page.get("@odata.nextLink") else { return (pages, all) };
        target = link.as_str().unwrap().strip_prefix(url).expect("an absolute URL").to_owned();
    }
    unreachable!()
}

/// All names without paging by the server.
fn all_names(target: &str) -> Vec<String> {
    let emulator = start_with_page_size(None);
    all_pages(&mut Client::signed_in(&emulator), &emulator.url(), target).1
}

#[test]
fn records_are_counted_filtered_and_ordered() {
    let emulator = start_with_page_size(None);
    let mut client = Client::signed_in(&emulator);
    let mut get = |query: &str| client.get(&format!("/0/odata/Contact{query}"));

    let page = get("?$count=true&$top=2&$skip=1").json();
    assert_eq!((page["@odata.count"].as_u64(), names(&page).len()), (Some(6), 2));
    assert_eq!(get("?$count=false").json().get("@odata.count"), None);

    // Name eq 'Олена Шевченко'
    let filter =
        "?$filter=Name%20eq%20%27%D0%9E%D0%BB%D0%B5%D0%BD%D0%B0+%D0%A8%D0%B5%D0%B2%D1%87%D0%B5%D0%BD%D0%BA%D0%BE%27";
    assert_eq!(names(&get(filter).json()), ["Олена Шевченко"]);
    // Name eq 'Zoë "Z" O''Brien 🚀'
    let filter = "?$filter=Name%20eq%20%27Zo%C3%AB%20%22Z%22%20O%27%27Brien%20%F0%9F%9A%80%27&$count=true";
    let page = get(filter).json();
    assert_eq!((names(&page), page["@odata.count"].as_u64()), (vec!["Zoë \"Z\" O'Brien 🚀"], Some(1)));
    assert_eq!(get("/$count?$filter=Email%20eq%20''").body, "1");
    assert_eq!(names(&get("?$filter=Name%20eq%20'nobody'").json()).len(), 0);
    let filter = "?$filter=Id%20eq%20410006E1-CA4E-4502-A9EC-E54D922D2C00";
    assert_eq!(names(&get(filter).json()), ["Supervisor"]);

    let ascending = get("?$orderby=Name").json();
    assert_eq!(names(&ascending)[..3], ["José Núñez", "Supervisor", "Zoë \"Z\" O'Brien 🚀"]);
    let mut descending: Vec<String> = names(&get("?$orderby=Name%20desc").json()).iter().map(|&n| n.into()).collect();
    descending.reverse();
    assert_eq!(names(&ascending), descending);

    for query in ["?$orderby=Age", "?$filter=Age%20eq%20'1'", "?$count=1", "?$skiptoken=x"] {
        assert_eq!(get(query).status, 400, "{query}");
    }
    let unknown = [
        "?$expand=Account",
        "?$filter=Name%20ne%20'x'",
        "?$filter=Name%20eq%20'a'%20or%20Name%20eq%20'b'",
        "?$filter=Name%20eq%20'O'Brien'",
        "?$filter=Name%20eq%20'''",
        "?$filter=Name%20eq%201",
        "?$orderby=Name,Email",
        "/$count?$top=1",
        "(410006e1-ca4e-4502-a9ec-e54d922d2c00)?$expand=Account",
    ];
    for query in unknown {
        assert_eq!(get(query).status, 501, "{query}");
    }
}

#[test]
fn pages_of_any_size_make_the_same_records() {
    let whole = all_names("/0/odata/Contact");
    assert_eq!(whole.len(), 6);
    for (size, pages) in [(1, 6), (4, 2), (5, 2), (6, 1), (7, 1)] {
        let emulator = start_with_page_size(Some(size));
        let mut client = Client::signed_in(&emulator);
        let result = all_pages(&mut client, &emulator.url(), "/0/odata/Contact");
        assert_eq!(result, (pages, whole.clone()));
    }
}

#[test]
fn a_link_repeats_the_other_options() {
    let emulator = start_with_page_size(Some(2));
    let mut client = Client::signed_in(&emulator);
    for (query, pages) in [
        ("$top=5&$skip=1&$orderby=Name%20desc", 3),
        ("$top=4&$count=true&$select=Id,Name&a%26b=c%3Dd", 2),
        ("$skip=3&%24select=Name", 2),
        ("$filter=Name%20eq%20'Jos%C3%A9%20N%C3%BA%C3%B1ez'", 1),
    ] {
        let target = format!("/0/odata/Contact?{query}");
        let result = all_pages(&mut client, &emulator.url(), &target);
        assert_eq!(result, (pages, all_names(&target)), "{query}");
    }
    let page = client.get("/0/odata/Contact?$top=4&$count=true&a%26b=c%3Dd").json();
    let link = format!("{}/0/odata/Contact?$top=4&$count=true&a%26b=c%3Dd&$skiptoken=2", emulator.url());
    assert_eq!((&page["@odata.nextLink"], page["@odata.count"].as_u64()), (&Value::from(link), Some(6)));
    assert_eq!(client.get("/0/odata/Contact/$count").body, "6");
}
